/** `/asyncapi.json` and `/openapi.json`: no data in them, so no token is asked for. (CONTRACT 3.) */
import { Router } from 'express';
import { asyncApi, type Permissions } from '../documents/asyncapi.ts';
import { openApi } from '../documents/openapi.ts';
import { routes } from './routes.ts';

export function documentRoutes(version: string, permissions: Permissions): Router {
  const documents = {
    '/asyncapi.json': () => asyncApi(version, permissions),
    '/openapi.json': () => openApi(version, routes),
  };
  const router = Router();
  for (const [path, write] of Object.entries(documents)) {
    // Written when first asked for: the start does not wait for it.
    let text: string | undefined;
    router.get(path, (_request, response) => {
      text ??= JSON.stringify(write());
      response.set('Cache-Control', 'no-cache').type('application/json').send(text);
    });
  }
  return router;
}
