/** `/api/photos`: photos come in as raw bodies and go out as images. (CONTRACT 3, 7; TRUST.) */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import * as z from 'zod/mini';
import { read } from '../../../protocol/codec.ts';
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { idPersona, line, id as sessionId, sha256, uuid } from '../../../protocol/primitives.ts';
import { type Principal, staff, staffAndPhone } from '../../core/access.ts';
import type { Commit } from '../../core/commit.ts';
import type { Darkroom } from '../../core/photo/darkroom.ts';
import { findPhoto } from '../../core/photo/handlers.ts';
import type { Intake, Upload } from '../../core/photo/intake.ts';
import { isWorkedOn } from '../../core/photo/photo.ts';
import type { PhotoFiles, Store } from '../../core/ports.ts';
import { photoFor, viewOf } from '../../core/present.ts';
import { harmless, refuse } from './answer.ts';
import { bodyOf, lengthOf } from './body.ts';
import type { Callers } from './callers.ts';
import type { PassOn } from './pass-on.ts';
import type { UploadRate } from './upload-rate.ts';

interface Parts {
  passOn: PassOn;
  commit: Commit;
  callers: Callers;
  intake: Intake;
  darkroom: Darkroom;
  files: PhotoFiles;
  store: Store;
  uploadRate: UploadRate;
  /** A sender went away in the middle of its photo. */
  brokenOff(): void;
}

/** How long an answer waits for a photo that is still being worked on, in milliseconds. */
const waitForWork = 10_000;

/** What is said of a photo beside its bytes: `id` in the path, `sha256` in a header, the rest in the query. */
export const photoHead = z.object({
  id: uuid,
  sha256: z.optional(sha256),
  shot: z.optional(line),
  idPersona: z.optional(idPersona),
  session_id: z.optional(sessionId),
});

export function photoRoutes(parts: Parts): Router {
  const { passOn, commit, callers, intake, darkroom, files, store } = parts;

  /** A phone's photos belong to its session whatever it says; from others the session or the idPersona comes along. */
  function describe(request: Request, principal: Principal): Result<Upload> {
    const found = read(photoHead, {
      id: String(request.params.uuid).toLowerCase(),
      sha256: request.get('X-Content-SHA256')?.toLowerCase(),
      shot: request.query.shot,
      idPersona: principal.role === 'phone' ? undefined : request.query.idPersona,
      session_id: principal.role === 'phone' ? principal.sessionId : request.query.session_id,
    });
    if (!found.ok) return found;
    const { session_id = null, ...rest } = found.value;
    const session = session_id === null ? null : store.sessions.get(session_id);
    if (session_id !== null && !session) return fail('not_found', 'Esa sesión no existe.', { session_id });
    // It is filed as its session is: one of the two that were named would be passed over.
    if (session && rest.idPersona !== undefined && rest.idPersona !== session.idPersona) {
      return fail('conflict', 'Esa sesión no es de ese idPersona.', { session_id });
    }
    return ok({
      id: rest.id,
      sessionId: session_id,
      idPersona: rest.idPersona ?? null,
      shot: rest.shot ?? null,
      sha256: rest.sha256 ?? null,
      total: lengthOf(request),
      body: bodyOf(request),
    });
  }

  async function put(request: Request, response: Response, principal: Principal): Promise<void> {
    const upload = describe(request, principal);
    if (!upload.ok) return refuse(request, response, upload.error);
    const allowed = await parts.uploadRate(principal);
    if (!allowed.ok) return refuse(request, response, allowed.error);
    const result = await intake.receive(upload.value, principal);
    if (!result.ok) {
      const { sessionId } = upload.value;
      const person = sessionId === null ? upload.value.idPersona : (store.sessions.get(sessionId)?.idPersona ?? null);
      const data = {
        photo_id: upload.value.id,
        session_id: sessionId,
        idPersona: person,
        reason: result.error.message,
      };
      const line = { kind: 'photo_refused' as const, who: principal.userId, data, idPersona: person };
      // One that was read to its end is destroyed as well.
      if (request.readableAborted) parts.brokenOff();
      // A person who was erased meanwhile leaves no line in the log.
      else if (sessionId === null || store.sessions.get(sessionId)) commit(() => ok({ reply: null, log: [line] }));
      return refuse(request, response, result.error);
    }
    const { photo, created } = result.value;
    response.status(created ? 201 : 200).json({ photo: photoFor(photo, viewOf(principal)) });
  }

  async function list(request: Request, response: Response, principal: Principal): Promise<void> {
    const { limit, ...query } = request.query;
    const payload = { ...query, ...(limit === undefined ? {} : { limit: Number(limit) }), action: 'list' };
    return passOn({ request, response, principal }, { resource: 'photos', payload });
  }

  async function image(
    request: Request,
    response: Response,
    principal: Principal,
    part: 'full' | 'thumb',
  ): Promise<void> {
    const name = read(uuid, String(request.params.uuid).toLowerCase());
    if (!name.ok) return refuse(request, response, noSuchPhoto.error);
    const id = name.value;
    const found = findPhoto(id, principal, store);
    if (!found.ok) return refuse(request, response, found.error);
    if (!isWorkedOn(found.value)) await darkroom.wait(id, part, waitForWork);
    const now = findPhoto(id, principal, store);
    if (!now.ok) return refuse(request, response, now.error);
    if (now.value.status === 'quarantined') {
      const message = 'Esta foto no se pudo leer y quedó apartada.';
      return refuse(request, response, fail('conflict', message, { reason: 'quarantined' }).error);
    }
    if (part === 'full' && !isWorkedOn(now.value)) return refuse(request, response, notYet.error);
    const file = await files.open(id, part);
    if (!file.ok) return refuse(request, response, file.error.code === 'not_found' ? notYet.error : file.error);
    response.set({
      'Content-Type': part === 'thumb' ? 'image/jpeg' : now.value.mime,
      'Content-Length': String(file.value.bytes),
      ...harmless,
    });
    // A reader that went away in the middle is nobody's error.
    await pipeline(file.value.stream, response).catch(() => undefined);
  }

  const router = Router();
  router.put('/api/photos/:uuid', callers.only(staffAndPhone, put));
  router.get('/api/photos', callers.only(staffAndPhone, list));
  router.get(
    '/api/photos/:uuid',
    callers.only(staffAndPhone, (req, res, who) => image(req, res, who, 'full')),
  );
  router.get(
    '/api/photos/:uuid/thumb',
    callers.only(staffAndPhone, (req, res, who) => image(req, res, who, 'thumb')),
  );
  router.delete(
    '/api/photos/:uuid',
    callers.only(staff, (request, response, principal) => {
      const payload = { action: 'delete', photo_id: String(request.params.uuid).toLowerCase() };
      return passOn({ request, response, principal }, { resource: 'photos', payload });
    }),
  );
  return router;
}

const noSuchPhoto = fail('not_found', 'Esa foto no existe.');
const notYet = fail('unavailable', 'La foto todavía se está preparando; inténtelo de nuevo.', { reason: 'working' });
