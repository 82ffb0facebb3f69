/** `POST /api/events`: S4's notify_event, for a program that has no connection. (CONTRACT 3.) */
import { Router } from 'express';
import { staff } from '../../core/access.ts';
import { type Dispatch, replyOf } from '../../core/dispatch.ts';
import { refuse } from './answer.ts';
import type { Callers } from './callers.ts';

export function eventRoutes({ dispatch, callers }: { dispatch: Dispatch; callers: Callers }): Router {
  const router = Router();
  router.post(
    '/api/events',
    callers.only(staff, async (request, response, principal) => {
      const payload = { ...request.body, action: 'publish' };
      const result = replyOf(await dispatch({ principal, connection: null }, { resource: 'events', payload }));
      if (!result.ok) return refuse(request, response, result.error);
      response.json(result.value);
    }),
  );
  return router;
}
