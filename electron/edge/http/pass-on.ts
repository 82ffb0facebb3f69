/** A request by HTTP that is one of the native protocol's: asked the same way, answered with the same body. */
import type { Request, Response } from 'express';
import type { Principal } from '../../core/access.ts';
import { type Request as Asked, type Dispatch, replyOf } from '../../core/dispatch.ts';
import { refuse } from './answer.ts';

export type PassOn = (
  exchange: { request: Request; response: Response; principal: Principal },
  asked: Asked,
  status?: number,
) => Promise<void>;

export function createPassOn(dispatch: Dispatch): PassOn {
  return async ({ request, response, principal }, asked, status = 200) => {
    const result = replyOf(await dispatch({ principal, connection: null }, asked));
    if (!result.ok) return refuse(request, response, result.error);
    // Who and what somebody is about is nothing for a cache.
    response.set('Cache-Control', 'no-store').status(status).json(result.value);
  };
}
