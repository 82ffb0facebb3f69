/** `/api/files`: files of the chat come in as raw bodies and go out to be saved. (CONTRACT 3, 7; TRUST.) */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import * as z from 'zod/mini';
import { read } from '../../../protocol/codec.ts';
import { ok, type Result } from '../../../protocol/errors.ts';
import { id, sha256, uuid } from '../../../protocol/primitives.ts';
import { anyone, type Principal } from '../../core/access.ts';
import { type FileUpload, type Filing, noSuchFile } from '../../core/file/filing.ts';
import type { ChatFiles } from '../../core/ports.ts';
import { harmless, refuse } from './answer.ts';
import { bodyOf, lengthOf } from './body.ts';
import type { Callers } from './callers.ts';
import type { UploadRate } from './upload-rate.ts';

interface Parts {
  callers: Callers;
  filing: Filing;
  files: ChatFiles;
  uploadRate: UploadRate;
}

/** What is said of a file beside its bytes: `id` in the path, `sha256` in a header, the rest in the query. */
export const fileHead = z.object({
  id: uuid,
  sha256: z.optional(sha256),
  conversation_id: id,
  name: z.string().check(z.minLength(1), z.maxLength(1_000)),
});

export function fileRoutes({ callers, filing, files, uploadRate }: Parts): Router {
  function describe(request: Request): Result<FileUpload> {
    const found = read(fileHead, {
      id: String(request.params.uuid).toLowerCase(),
      sha256: request.get('X-Content-SHA256')?.toLowerCase(),
      conversation_id: request.query.conversation_id,
      name: request.query.name,
    });
    if (!found.ok) return found;
    const { conversation_id, sha256: hash = null, ...rest } = found.value;
    const total = lengthOf(request);
    return ok({ ...rest, conversationId: conversation_id, sha256: hash, total, body: bodyOf(request) });
  }

  async function put(request: Request, response: Response, principal: Principal): Promise<void> {
    const upload = describe(request);
    if (!upload.ok) return refuse(request, response, upload.error);
    const allowed = await uploadRate(principal);
    if (!allowed.ok) return refuse(request, response, allowed.error);
    const result = await filing.receive(upload.value, principal);
    if (!result.ok) return refuse(request, response, result.error);
    const { file, created } = result.value;
    response.status(created ? 201 : 200).json({ file });
  }

  async function get(request: Request, response: Response, principal: Principal): Promise<void> {
    const name = read(uuid, String(request.params.uuid).toLowerCase());
    if (!name.ok) return refuse(request, response, noSuchFile(String(request.params.uuid)).error);
    const found = await filing.find(name.value, principal);
    if (!found.ok) return refuse(request, response, found.error);
    const { id: fileId, mime, name: shown } = found.value;
    const settled = await files.open(fileId, 'full');
    const missing = !settled.ok && settled.error.code === 'not_found';
    const file = missing ? await files.open(fileId, 'original') : settled;
    if (!file.ok) return refuse(request, response, file.error);
    response.set({
      'Content-Type': mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime,
      'Content-Length': String(file.value.bytes),
      'Content-Disposition': attachment(shown),
      ...harmless,
    });
    // A reader that went away in the middle is nobody's error.
    await pipeline(file.value.stream, response).catch(() => undefined);
  }

  const router = Router();
  router.put('/api/files/:uuid', callers.only(anyone, put));
  router.get('/api/files/:uuid', callers.only(anyone, get));
  return router;
}

/** The name twice: for programs that know RFC 5987, and in plain letters for those that do not. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
