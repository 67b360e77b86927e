import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { start } from './router/router.svelte';
import { warm } from './texts/dates';

start();
const target = document.getElementById('app');
if (target) setTimeout(() => mount(App, { target })); // a task of its own: slow phones can answer between the two
warm(); // while what the page shows is on its way
