/** Every HTTP route, as it is documented: who may ask, what it takes, what it answers. The pages are no part of it. (CONTRACT 3.) */
import * as z from 'zod/mini';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { fileMime, fileReply } from '../../../protocol/file.ts';
import { photoMime } from '../../../protocol/photo.ts';
import { requests } from '../../../protocol/requests.ts';
import { pairReply, pairRequest } from '../../../protocol/session.ts';
import type { Role } from '../../../protocol/user.ts';
import { anyone, staff, staffAndPhone, supervisors } from '../../core/access.ts';
import { fileHead } from './files.ts';
import { photoHead } from './photos.ts';

export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** As Express writes it. */
  path: string;
  summary: string;
  /** `null`: anybody, without a token. */
  who: readonly Role[] | null;
  /** A program on this very machine needs no token. */
  orLocal?: true;
  query?: z.ZodMiniObject;
  headers?: z.ZodMiniObject;
  /** A shape is JSON; else the media types of raw bytes. */
  body?: z.ZodMiniType | readonly string[];
  /** By status. */
  answers: Record<number, z.ZodMiniType | readonly string[]>;
  /** Beyond those that its caller's token can meet with. */
  fails?: readonly ErrorCode[];
}

const { sessions, photos, events, dashboard } = requests;
const count = z.int().check(z.minimum(0));
const alike = { version: z.string(), uptime_s: count };
const health = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), ...alike }),
  z.object({ status: z.literal('unavailable'), reason: z.literal('data_folder'), ...alike }),
]);
const figures = z.object({
  status: z.literal('ok'),
  uptime_s: count,
  sessions: z.object({ pending: count, qr_ready: count, authenticated: count, disconnected: count }),
  total_sessions: count,
  connections: count,
  photos: z.object({ total: count, bytes: count }),
  journal_head: count,
});
const greeting = z.object({
  status: z.literal('ok'),
  service: z.literal('websocket_upred'),
  database: z.enum(['SQLite', 'MySQL']),
  connected_users: count,
});
const document = z.looseObject({ info: z.looseObject({ title: z.string(), version: z.string() }) });
const { shot, idPersona, session_id, sha256 } = photoHead.shape;
const oneSession = { who: staffAndPhone, fails: ['not_found'] } as const;

/** A health check, by three spellings of its name. */
const alive = (path: string): Route => ({
  method: 'get',
  path,
  summary: 'Whether the server is there, and its data folder where it was.',
  who: null,
  answers: { 200: health, 503: health },
});
const figure = (
  path: string,
  summary: string,
  { reply }: { reply: z.ZodMiniType },
  more: Partial<Route> = {},
): Route => ({
  method: path.endsWith('cleanup') ? 'post' : 'get',
  path,
  summary,
  who: supervisors,
  orLocal: true,
  answers: { 200: reply },
  ...more,
});
/** One that Django's admins may ask for, too. */
const view = (path: string, summary: string, action: { reply: z.ZodMiniType }, more: Partial<Route> = {}): Route =>
  figure(path, summary, action, { ...more, fails: ['rate_limited', 'unavailable', ...(more.fails ?? [])] });

export const routes: readonly Route[] = [
  {
    method: 'get',
    path: '/',
    summary: "S3's status; a browser gets the page where a visitor types the short code.",
    who: null,
    answers: { 200: greeting },
  },
  alive('/healtcheck'),
  alive('/healthcheck'),
  alive('/health'),
  figure('/stats', 'Sessions by state, connections, totals.', { reply: figures }),
  {
    method: 'get',
    path: '/metrics',
    summary: "Prometheus' text format.",
    who: supervisors,
    orLocal: true,
    answers: { 200: ['text/plain'] },
  },
  view('/dashboard', 'All the figures at once; a browser gets the page.', dashboard.summary),
  view('/dashboard/clients', 'Who is connected.', dashboard.clients),
  view('/dashboard/rooms', 'Rooms, and how many are in each.', dashboard.rooms),
  view('/dashboard/events', 'The newest events, newest first.', dashboard.events),
  view('/dashboard/api-status', 'Whether Django and the database answer.', dashboard.api_status),
  view('/dashboard/stats', 'Connections by role and protocol, events, memory.', dashboard.stats),
  view('/dashboard/overview', "What the dashboard's page draws, over the chosen span.", dashboard.overview, {
    query: dashboard.overview.input,
    fails: ['invalid_message'],
  }),
  view('/dashboard/cleanup', 'Drops what is idle.', dashboard.cleanup),
  {
    method: 'post',
    path: '/api/pair',
    summary: 'A phone pairs. Used once; with the same `claim` within 60 s the answer is the same.',
    who: null,
    body: pairRequest,
    answers: { 200: pairReply },
    fails: ['invalid_message', 'not_found', 'expired', 'rate_limited'],
  },
  {
    method: 'post',
    path: '/api/sessions',
    summary: 'Opens a session; its QR comes along.',
    who: staff,
    body: sessions.create.input,
    answers: { 201: sessions.create.reply },
    fails: ['invalid_message'],
  },
  {
    method: 'get',
    path: '/api/sessions',
    summary: 'The sessions that are open.',
    who: staff,
    answers: { 200: sessions.list.reply },
  },
  {
    method: 'get',
    path: '/api/sessions/:id',
    summary: 'One session; a phone may ask for its own.',
    ...oneSession,
    answers: { 200: sessions.get.reply },
  },
  {
    method: 'delete',
    path: '/api/sessions/:id',
    summary: 'Ends a session; a phone may end its own.',
    ...oneSession,
    answers: { 200: sessions.end.reply },
    fails: ['not_found', 'conflict'],
  },
  {
    method: 'get',
    path: '/api/sessions/:id/qr.svg',
    summary: 'The QR that the session shows now.',
    who: staff,
    answers: { 200: ['image/svg+xml'] },
    fails: ['not_found', 'conflict'],
  },
  {
    method: 'get',
    path: '/api/sessions/:id/qr.png',
    summary: 'The QR that the session shows now.',
    who: staff,
    answers: { 200: ['image/png'] },
    fails: ['not_found', 'conflict'],
  },
  {
    method: 'put',
    path: '/api/photos/:uuid',
    summary:
      'One photo as the raw body. 201 once it is safe; sent again with the same uuid and bytes, 200 and the same photo.',
    who: staffAndPhone,
    query: z.object({ shot, idPersona, session_id }),
    headers: z.object({ 'X-Content-SHA256': sha256 }),
    body: photoMime.options,
    answers: { 200: photos.get.reply, 201: photos.get.reply },
    fails: ['invalid_message', 'not_found', 'conflict', 'expired', 'too_large', 'rate_limited', 'unavailable'],
  },
  {
    method: 'get',
    path: '/api/photos',
    summary: 'Photos, newest first; a phone gets those of its session.',
    who: staffAndPhone,
    query: photos.list.input,
    answers: { 200: photos.list.reply },
    fails: ['invalid_message'],
  },
  {
    method: 'get',
    path: '/api/photos/:uuid',
    summary: 'The image. One still being worked on: the answer waits up to 10 s.',
    who: staffAndPhone,
    answers: { 200: photoMime.options },
    fails: ['not_found', 'conflict', 'unavailable'],
  },
  {
    method: 'get',
    path: '/api/photos/:uuid/thumb',
    summary: 'A small JPEG of it.',
    who: staffAndPhone,
    answers: { 200: ['image/jpeg'] },
    fails: ['not_found', 'conflict', 'unavailable'],
  },
  {
    method: 'delete',
    path: '/api/photos/:uuid',
    summary: 'Deletes the photo and what was made of it.',
    who: staff,
    answers: { 200: photos.delete.reply },
    fails: ['not_found'],
  },
  {
    method: 'put',
    path: '/api/files/:uuid',
    summary:
      'One file for a conversation, as the raw body. 201 once it is safe; sent again with the same uuid and bytes, 200 and the same file. A message then carries its `url` as `file_url`.',
    who: anyone,
    query: z.object({ conversation_id: fileHead.shape.conversation_id, name: fileHead.shape.name }),
    headers: z.object({ 'X-Content-SHA256': sha256 }),
    body: fileMime.options,
    answers: { 200: fileReply, 201: fileReply },
    fails: ['invalid_message', 'not_found', 'conflict', 'expired', 'too_large', 'rate_limited', 'unavailable'],
  },
  {
    method: 'get',
    path: '/api/files/:uuid',
    summary: 'A file of a conversation, to be saved; for its members.',
    who: anyone,
    answers: { 200: fileMime.options },
    fails: ['not_found', 'unavailable'],
  },
  {
    method: 'get',
    path: '/api/people/:idPersona/export',
    summary: 'Everything of one person as a ZIP: pictures, chat, files, log, and a manifest with the hash of each.',
    who: supervisors,
    answers: { 200: ['application/zip'] },
    fails: ['invalid_message', 'not_found', 'unavailable'],
  },
  {
    method: 'post',
    path: '/api/events',
    summary: 'Publishes an event: to a room, or to every native connection but phones.',
    who: staff,
    body: events.publish.input,
    answers: { 200: events.publish.reply },
    fails: ['invalid_message'],
  },
  {
    method: 'get',
    path: '/asyncapi.json',
    summary: 'The native protocol, as AsyncAPI 3.0.',
    who: null,
    answers: { 200: document },
  },
  { method: 'get', path: '/openapi.json', summary: 'This document.', who: null, answers: { 200: document } },
  {
    method: 'get',
    path: '/sdk/mostrador-client.js',
    summary: 'The client for browsers and Node, as one ES module.',
    who: null,
    answers: { 200: ['text/javascript'] },
  },
  {
    method: 'get',
    path: '/sdk/mostrador-s2-client.js',
    summary: 'The client for rooms and business events (S2), as one ES module.',
    who: null,
    answers: { 200: ['text/javascript'] },
  },
  {
    method: 'get',
    path: '/sdk/mostrador-client.d.ts',
    summary: 'Its types, for TypeScript: to be kept beside it.',
    who: null,
    answers: { 200: ['text/plain'] },
  },
  {
    method: 'get',
    path: '/sdk/mostrador-s2-client.d.ts',
    summary: 'Its types, for TypeScript: to be kept beside it.',
    who: null,
    answers: { 200: ['text/plain'] },
  },
];
