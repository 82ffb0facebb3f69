/** `POST /api/events`: S4's notify_event, for a program that has no connection. (CONTRACT 3.) */
import { Router } from 'express';
import { staff } from '../../core/access.ts';
import type { Callers } from './callers.ts';
import type { PassOn } from './pass-on.ts';

export function eventRoutes({ passOn, callers }: { passOn: PassOn; callers: Callers }): Router {
  const router = Router();
  router.post(
    '/api/events',
    callers.only(staff, (request, response, principal) => {
      const payload = { ...request.body, action: 'publish' };
      return passOn({ request, response, principal }, { resource: 'events', payload });
    }),
  );
  return router;
}
