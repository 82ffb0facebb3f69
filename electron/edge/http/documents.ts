/** `/asyncapi.json`, `/openapi.json` and the SDK's declarations: no data in them, so no token is asked for. (CONTRACT 3.) */
import { Router } from 'express';
import { asyncApi, type Permissions } from '../documents/asyncapi.ts';
import { clientDeclarations, s2Declarations } from '../documents/declarations.ts';
import { openApi } from '../documents/openapi.ts';
import { routes } from './routes.ts';

export function documentRoutes(version: string, permissions: Permissions): Router {
  const documents: Record<string, () => string> = {
    '/asyncapi.json': () => JSON.stringify(asyncApi(version, permissions)),
    '/openapi.json': () => JSON.stringify(openApi(version, routes)),
    '/sdk/mostrador-client.d.ts': clientDeclarations,
    '/sdk/mostrador-s2-client.d.ts': s2Declarations,
  };
  const router = Router();
  for (const [path, write] of Object.entries(documents)) {
    // Written when first asked for: the start does not wait for it.
    let text: string | undefined;
    router.get(path, (_request, response) => {
      text ??= write();
      const type = path.endsWith('.json') ? 'application/json' : 'text/plain';
      response.set('Cache-Control', 'no-cache').type(type).send(text);
    });
  }
  return router;
}
