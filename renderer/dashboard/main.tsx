/** The dashboard's page, for those who look after the server. */
import 'uplot/dist/uPlot.min.css';
import { startPage } from '../ui/page/start-page.tsx';
import { DashboardScreen } from './dashboard-screen.tsx';
import { openDashboard } from './open-dashboard.ts';

void startPage({
  open: openDashboard,
  signIn: 'dashboard.signIn',
  title: t => t('dashboard.title'),
  content: ({ store }, facts) => <DashboardScreen facts={facts} store={store} />,
});
