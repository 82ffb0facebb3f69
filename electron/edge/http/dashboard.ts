/** S2's dashboard as JSON. (CONTRACT 3.) A browser that asks for `/dashboard` wants the page, which is another route's. */
import { Router } from 'express';
import { supervisors } from '../../core/access.ts';
import { type Dispatch, replyOf } from '../../core/dispatch.ts';
import { refuse } from './answer.ts';
import type { Callers } from './callers.ts';
import { isBrowser } from './pages.ts';

const views = {
  '/dashboard': 'summary',
  '/dashboard/clients': 'clients',
  '/dashboard/rooms': 'rooms',
  '/dashboard/events': 'events',
  '/dashboard/api-status': 'api_status',
  '/dashboard/stats': 'stats',
};

export function dashboardRoutes({ dispatch, callers }: { dispatch: Dispatch; callers: Callers }): Router {
  const router = Router();
  const answer = (action: string) =>
    callers.onlyOrLocal(supervisors, async (request, response, principal) => {
      const result = replyOf(
        await dispatch({ principal, connection: null }, { resource: 'dashboard', payload: { action } }),
      );
      if (!result.ok) return refuse(request, response, result.error);
      response.set('Cache-Control', 'no-store').json(result.value);
    });
  for (const [path, action] of Object.entries(views)) {
    const handle = answer(action);
    router.get(path, (request, response, next) => {
      if (path === '/dashboard' && isBrowser(request)) return next();
      return handle(request, response, next);
    });
  }
  router.post('/dashboard/cleanup', answer('cleanup'));
  return router;
}
