import { DashboardStore } from '../client/dashboard-store.ts';
import { createHttpClient } from '../client/index.ts';

export interface OpenDashboard {
  store: DashboardStore;
  stop(): void;
}

/** Signs in to the server that this page came from, and asks it for as long as the page is looked at. */
export function openDashboard(token: string, window: Window): OpenDashboard {
  const store = new DashboardStore(createHttpClient({ token }));
  const stop = store.start();
  const { document } = window;
  const look = () => store.watch(document.visibilityState === 'visible');
  const back = () => store.retry();
  document.addEventListener('visibilitychange', look);
  window.addEventListener('online', back);
  return {
    store,
    stop() {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('online', back);
      stop();
    },
  };
}
