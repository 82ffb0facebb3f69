/** Notes on which of this PC's addresses other devices arrive: the first phone there proves more than any test. */
import { type RequestHandler, Router } from 'express';
import { normalise } from '../client-address.ts';

/** @param arrived is told of every request for a page of visitors, and of every pairing. A proxy counts as who it is. */
export function arrivalRoutes(arrived: (at: string, from: string) => void): Router {
  const note: RequestHandler = ({ socket }, _response, next) => {
    arrived(normalise(socket.localAddress ?? ''), normalise(socket.remoteAddress ?? ''));
    next();
  };
  const router = Router();
  router.get(['/', '/J', '/J/:token'], note);
  router.post('/api/pair', note);
  return router;
}
