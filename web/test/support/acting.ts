// What the tests of acts load together: a refusal is known by its class, of which there is one in each load.

export { besides } from '../../src/planning/act';
export { carry } from '../../src/planning/acting';
export { Refusal } from '../../src/api/refusal';
