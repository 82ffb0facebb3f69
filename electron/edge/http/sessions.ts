/** `/api/sessions`: sessions for a back-office system, and their QR as an image. (CONTRACT 3.) */
import { type Request, type Response, Router } from 'express';
import QRCode from 'qrcode';
import { read } from '../../../protocol/codec.ts';
import { fail } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { type Principal, staff, staffAndPhone } from '../../core/access.ts';
import { type Dispatch, replyOf } from '../../core/dispatch.ts';
import { refuse } from './answer.ts';
import type { Callers } from './callers.ts';
import type { PassOn } from './pass-on.ts';

/** Pixels a module, in the PNG. */
const scale = 12;
const margin = 4;

interface Parts {
  dispatch: Dispatch;
  passOn: PassOn;
  callers: Callers;
}

const noJson = fail('invalid_message', 'El cuerpo ha de ser un objeto JSON, con Content-Type: application/json.');

/** A session may be made without a word; a form or a text in place of JSON would be taken for that, and its person be lost. */
function isUnread({ body, headers }: Request): boolean {
  if (body !== undefined) return Array.isArray(body);
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

export function sessionRoutes({ dispatch, passOn, callers }: Parts): Router {
  const router = Router();

  function ask(request: Request, response: Response, principal: Principal, action: string, status = 200) {
    if (action === 'create' && isUnread(request)) return refuse(request, response, noJson.error);
    const input = action === 'create' ? request.body : { session_id: request.params.id };
    const asked = { resource: 'sessions', payload: { ...input, action } };
    return passOn({ request, response, principal }, asked, status);
  }

  async function image(request: Request, response: Response, principal: Principal, type: 'svg' | 'png') {
    const payload = { action: 'get', session_id: request.params.id };
    const result = replyOf(await dispatch({ principal, connection: null }, { resource: 'sessions', payload }));
    if (!result.ok) return refuse(request, response, result.error);
    const found = read(requests.sessions.get.reply, result.value);
    const qr = found.ok ? found.value.session.qr : null;
    if (!qr) {
      const message = 'Esta sesión no muestra ningún QR: ya tiene teléfono o terminó.';
      return refuse(request, response, fail('conflict', message).error);
    }
    response.set('Cache-Control', 'no-store');
    if (type === 'svg') {
      const svg = await QRCode.toString(qr.url, { type: 'svg', errorCorrectionLevel: 'M', margin });
      return void response.type('image/svg+xml').send(svg);
    }
    const png = await QRCode.toBuffer(qr.url, { type: 'png', errorCorrectionLevel: 'M', margin, scale });
    response.type('image/png').send(png);
  }

  router.post(
    '/api/sessions',
    callers.only(staff, (req, res, who) => ask(req, res, who, 'create', 201)),
  );
  router.get(
    '/api/sessions',
    callers.only(staff, (req, res, who) => ask(req, res, who, 'list')),
  );
  router.get(
    '/api/sessions/:id/qr.svg',
    callers.only(staff, (req, res, who) => image(req, res, who, 'svg')),
  );
  router.get(
    '/api/sessions/:id/qr.png',
    callers.only(staff, (req, res, who) => image(req, res, who, 'png')),
  );
  router.get(
    '/api/sessions/:id',
    callers.only(staffAndPhone, (req, res, who) => ask(req, res, who, 'get')),
  );
  router.delete(
    '/api/sessions/:id',
    callers.only(staffAndPhone, (req, res, who) => ask(req, res, who, 'end')),
  );
  return router;
}
