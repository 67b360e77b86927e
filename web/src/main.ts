import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { start } from './router/router.svelte';

// A page that was loaded before an update asks for files that are no longer there: what is there now comes with a reload.
addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('preau.reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem('preau.reloaded', String(Date.now()));
  location.reload();
});

start();
const target = document.getElementById('app');
if (target) setTimeout(() => mount(App, { target })); // a task of its own: slow phones can answer between the two
