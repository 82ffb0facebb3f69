/** S2's dashboard as JSON. (CONTRACT 3.) A browser that asks for `/dashboard` wants the page. */
import { type RequestHandler, Router } from 'express';
import { supervisors } from '../../core/access.ts';
import type { Callers } from './callers.ts';
import { isBrowser } from './pages.ts';
import type { PassOn } from './pass-on.ts';

const views = {
  '/dashboard': 'summary',
  '/dashboard/clients': 'clients',
  '/dashboard/rooms': 'rooms',
  '/dashboard/events': 'events',
  '/dashboard/api-status': 'api_status',
  '/dashboard/stats': 'stats',
  '/dashboard/overview': 'overview',
};

interface Parts {
  passOn: PassOn;
  callers: Callers;
  /** The page's shell, without data. */
  page: RequestHandler;
}

export function dashboardRoutes({ passOn, callers, page }: Parts): Router {
  const router = Router();
  const answer = (action: string) =>
    callers.onlyOrLocal(supervisors, (request, response, principal) =>
      passOn({ request, response, principal }, { resource: 'dashboard', payload: { ...request.query, action } }),
    );
  for (const [path, action] of Object.entries(views)) {
    const handle = answer(action);
    router.get(path, (request, response, next) => {
      if (path === '/dashboard' && isBrowser(request)) return page(request, response, next);
      return handle(request, response, next);
    });
  }
  router.post('/dashboard/cleanup', answer('cleanup'));
  return router;
}
