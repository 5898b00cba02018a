import { createRouter, createWebHistory } from 'vue-router';
import { useViewer } from './stores/viewer.store';

declare module 'vue-router' {
  interface RouteMeta {
    readonly title?: string;
    /** Reachable without a sign-in. */
    readonly open?: boolean;
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/sign-in',
      component: () => import('./pages/access/SignInPage.vue'),
      meta: { open: true, title: 'Sign in' },
    },
    { path: '/setup', component: () => import('./pages/access/SetupPage.vue'), meta: { open: true, title: 'Set up' } },
    {
      path: '/',
      component: () => import('./shell/AppShell.vue'),
      children: [
        { path: '', component: () => import('./pages/overview/OverviewPage.vue'), meta: { title: 'Overview' } },
        { path: 'markets', component: () => import('./pages/markets/MarketsPage.vue'), meta: { title: 'Markets' } },
        {
          path: 'markets/:id',
          component: () => import('./pages/market/MarketPage.vue'),
          props: true,
          meta: { title: 'Market' },
        },
        { path: 'links', component: () => import('./pages/links/LinksPage.vue'), meta: { title: 'Links' } },
        {
          path: 'links/:id',
          component: () => import('./pages/links/LinkPage.vue'),
          props: true,
          meta: { title: 'Link' },
        },
        {
          path: 'opportunities',
          component: () => import('./pages/opportunities/OpportunitiesPage.vue'),
          meta: { title: 'Opportunities' },
        },
        {
          path: 'trace/:signalId',
          component: () => import('./pages/trace/TracePage.vue'),
          props: true,
          meta: { title: 'Trace' },
        },
        { path: 'news', component: () => import('./pages/news/NewsPage.vue'), meta: { title: 'News' } },
        { path: 'risk', component: () => import('./pages/risk/RiskPage.vue'), meta: { title: 'Risk' } },
        {
          path: 'portfolio',
          component: () => import('./pages/portfolio/PortfolioPage.vue'),
          meta: { title: 'Portfolio' },
        },
        {
          path: 'workflows',
          component: () => import('./pages/workflows/WorkflowsPage.vue'),
          meta: { title: 'Workflows' },
        },
        {
          path: 'workflows/:id',
          component: () => import('./pages/workflows/WorkflowPage.vue'),
          props: true,
          meta: { title: 'Workflow' },
        },
        {
          path: 'enablement',
          component: () => import('./pages/enablement/EnablementPage.vue'),
          meta: { title: 'Enablement' },
        },
        { path: 'runs', component: () => import('./pages/runs/RunsPage.vue'), meta: { title: 'Runs' } },
        { path: 'runs/:id', component: () => import('./pages/runs/RunPage.vue'), props: true, meta: { title: 'Run' } },
        { path: 'plugins', component: () => import('./pages/plugins/PluginsPage.vue'), meta: { title: 'Plugins' } },
        {
          path: 'plugins/:id',
          component: () => import('./pages/plugins/PluginPage.vue'),
          props: true,
          meta: { title: 'Plugin' },
        },
        { path: 'notices', component: () => import('./pages/notices/NoticesPage.vue'), meta: { title: 'Notices' } },
        { path: 'settings', component: () => import('./pages/settings/SettingsPage.vue'), meta: { title: 'Settings' } },
        { path: 'storage', component: () => import('./pages/storage/StoragePage.vue'), meta: { title: 'Storage' } },
        {
          path: 'backtests',
          component: () => import('./pages/backtests/BacktestsPage.vue'),
          meta: { title: 'Backtests' },
        },
        {
          path: 'backtests/compare/:a/:b',
          component: () => import('./pages/backtests/ComparePage.vue'),
          props: true,
          meta: { title: 'Compare backtests' },
        },
        {
          path: 'backtests/sweeps/:id',
          component: () => import('./pages/backtests/SweepPage.vue'),
          props: true,
          meta: { title: 'Sweep' },
        },
        {
          path: 'backtests/:id',
          component: () => import('./pages/backtests/BacktestPage.vue'),
          props: true,
          meta: { title: 'Backtest' },
        },
        { path: 'system', component: () => import('./pages/system/SystemPage.vue'), meta: { title: 'System' } },
        {
          path: ':rest(.*)*',
          component: () => import('./pages/access/NotFoundPage.vue'),
          meta: { title: 'Not found' },
        },
      ],
    },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  const viewer = useViewer();
  if (!viewer.known) await viewer.ask();
  if (to.meta.open) return true;
  if (viewer.needsSetup) return '/setup';
  return viewer.viewer ? true : { path: '/sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } };
});

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · ArbIntel` : 'ArbIntel';
});
