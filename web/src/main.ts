import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { client, whenSignedOut } from './api/client';
import { router } from './router';
import { vuetify } from './theme/vuetify';
import urql from '@urql/vue';
import './theme/base.css';
import './theme/desk.css';
import './theme/vuetify-fit.css';

const app = createApp(App);
app.use(createPinia());
app.use(vuetify);
app.use(router);
app.use(urql, client);

whenSignedOut(() => {
  const here = router.currentRoute.value;
  if (!here.meta['open']) location.assign(`/sign-in?to=${encodeURIComponent(here.fullPath)}`);
});

// The server was updated under an open page and its old pieces are gone: load the new page, but never in a circle.
addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('arbintel.reloaded') ?? 0);
  if (Date.now() - last < 10_000) return;
  sessionStorage.setItem('arbintel.reloaded', String(Date.now()));
  location.reload();
});

app.mount('#app');
