/** The HTTP side as one Express app: first who may ask at all, then the routes, last what nobody answered. */
import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Router,
} from 'express';
import helmet from 'helmet';
import { codeOf, fail, internal } from '../../../protocol/errors.ts';
import { storeTrouble } from '../../core/commit.ts';
import { type Log, StoreUnavailable } from '../../core/ports.ts';
import type { Origins } from '../origins.ts';
import { refuse, tooSlow } from './answer.ts';
import { apiHeaders } from './pages.ts';

interface Parts {
  origins: Origins;
  routes: readonly Router[];
  maxBodyBytes: number;
  log: Log;
}

/** Any request but an upload is over by then, body and all. */
const requestWithin = 30_000;

export function createApp({ origins, routes, maxBodyBytes, log }: Parts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(
    helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } }, ...apiHeaders }),
  );
  app.use(checkPlace(origins));
  app.use(
    cors({
      origin: (origin, answer) => answer(null, origin ?? false),
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      // What a page elsewhere reads of an answer: a file's name, how much of an export is to come, when to ask again.
      exposedHeaders: ['Content-Disposition', 'X-Expected-Bytes', 'Retry-After'],
      maxAge: 600,
    }),
  );
  app.use(hurry);
  const json = express.json({ limit: maxBodyBytes });
  // An upload is raw bytes, whatever its Content-Type says.
  app.use((request, response, next) => (isUpload(request) ? next() : json(request, response, next)));
  for (const router of routes) app.use(router);
  app.use((request, response) => {
    return refuse(request, response, fail('not_found', 'Esa dirección no existe.', { path: request.path }).error);
  });
  app.use(failures(log));
  return app;
}

/** The Host has to be one of ours, and the page that asks, if one does, from here or listed. */
function checkPlace(origins: Origins): RequestHandler {
  return (request, response, next) => {
    const { host, origin } = request.headers;
    if (!origins.hostAllowed(host)) {
      response.set('Connection', 'close');
      return refuse(request, response, fail('invalid_message', 'Este servidor no atiende ese nombre.').error, 421);
    }
    if (origin !== undefined && !origins.originAllowed(origin, host)) {
      return refuse(request, response, fail('forbidden', 'Esa página no puede usar este servidor.').error);
    }
    next();
  };
}

function isUpload(request: Request): boolean {
  return request.method === 'PUT' && /^\/api\/(?:photos|files)\//i.test(request.path);
}

const hurry: RequestHandler = (request, response, next) => {
  if (!isUpload(request) && !request.complete) {
    const timer = setTimeout(() => {
      if (response.headersSent) return request.destroy();
      // Not by way of `refuse`, which would wait for the rest of the body.
      response.status(408).set('Connection', 'close').json({ error: tooSlow });
    }, requestWithin);
    request.once('end', () => clearTimeout(timer));
    response.once('close', () => clearTimeout(timer));
  }
  next();
};

/** What Express itself throws (a body that is no JSON, a bad escape in the path), a database that is away, and what is a bug. */
function failures(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof StoreUnavailable) {
      log.error({ err: error, method: request.method, route: request.route?.path }, 'a database does not answer');
      return refuse(request, response, storeTrouble(error).error);
    }
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    if (status >= 500) {
      log.error({ err: error, method: request.method, route: request.route?.path }, 'a request failed');
      return refuse(request, response, internal.error);
    }
    const code = codeOf(status) ?? 'invalid_message';
    const message = code === 'too_large' ? 'El cuerpo es demasiado grande.' : 'La petición no se puede leer.';
    return refuse(request, response, fail(code, message).error);
  };
}
