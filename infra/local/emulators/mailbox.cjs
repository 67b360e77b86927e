// Loaded into aws-ses-v2-local, which keeps mails in memory alone: keeps them in the file PREAU_MAILS too, one JSON a
// line, and takes up those that are there, with their ids and times. A line that a kill cut off is left out.
const fs = require('node:fs')
const store = require('./node_modules/aws-ses-v2-local/dist/store.js')

const file = process.env.PREAU_MAILS
const { saveEmail, clearStore } = store

const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : []
for (const line of lines.filter(Boolean)) {
  try {
    store.getStoreReadonly().emails.push(JSON.parse(line))
  } catch (error) {
    console.error(`mail left out: ${error.message}`)
  }
}

store.saveEmail = (mail) => {
  fs.appendFileSync(file, '\n' + JSON.stringify(mail), { mode: 0o600 }) // a new line first: the last one may be cut off
  saveEmail(mail)
}

store.clearStore = () => {
  fs.rmSync(file, { force: true })
  clearStore()
}
