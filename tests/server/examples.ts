/** One example of every request and of every event. The types see to it that none is forgotten; the tests, that each is right. */
import type { EventData, EventName } from '../../protocol/events.ts';
import type { Action, Input, Resource } from '../../protocol/requests.ts';

import type { Settings } from '../../protocol/settings.ts';

const at = '2026-03-02T12:00:00.000Z';
const uuid = '6f1f0c54-0b1a-4c3e-9d52-1d7f2a3b4c5d';
const hash = 'a'.repeat(64);

const session = {
  id: uuid,
  idPersona: 'DNI-123456',
  label: 'Ventanilla 2',
  status: 'qr_ready' as const,
  emoji: '🦊',
  color: '#3b82f6',
  shots: ['DNI anverso', 'Rostro'],
  conversation_id: null,
  qr: { url: 'HTTP://192.168.1.50:8080/J/ABC', expires_at: at, code: 'K7M9Q2', code_expires_at: at },
  created_at: at,
  phone: { connected: false, device: null },
};
const photo = {
  id: uuid,
  idPersona: 'DNI-123456',
  session_id: null,
  mime: 'image/jpeg' as const,
  width: 4000,
  height: 3000,
  bytes: 812_345,
  sha256: hash,
  stored_sha256: null,
  status: 'received' as const,
  reason: null,
  shot: 'Rostro',
  received_at: at,
  urls: { full: `/api/photos/${uuid}`, thumb: `/api/photos/${uuid}/thumb` },
};
const message = {
  id: '41',
  conversation_id: uuid,
  sender_id: 'ana',
  type: 'texto' as const,
  content: 'Buenos días',
  file_url: null,
  timestamp: at,
  edited_at: null,
  client_id: uuid,
  receipts: [{ user_id: 'luis', delivered_at: at, read_at: null }],
};
const conversation = {
  id: uuid,
  type: 'group' as const,
  title: 'Mesa de entradas',
  members: ['ana', 'luis'],
  created_at: at,
  last_message: message,
};
const user = { id: 'ana', name: 'Ana', role: 'user' as const, online: true, created_at: at };
const receipt = { message_id: '41', conversation_id: uuid, user_id: 'luis', delivered_at: at, read_at: null };
const oneSession = { session_id: uuid };
const oneConversation = { conversation_id: uuid };
const oneMessage = { message_id: '41' };

export const requestExamples: { [R in Resource]: { [A in Action<R>]: Input<R, A> } } = {
  sessions: {
    create: { idPersona: 'DNI-123456', label: 'Ventanilla 2', shots: ['Rostro'] },
    list: {},
    get: oneSession,
    renew: oneSession,
    assign: { ...oneSession, idPersona: 'DNI-654321' },
    end: oneSession,
    consent: { ...oneSession, version: '2026-03-02' },
  },
  photos: {
    list: { idPersona: 'DNI-123456', limit: 20 },
    get: { photo_id: uuid },
    review: { photo_id: uuid, verdict: 'rejected', reason: 'Sale movida' },
    delete: { photo_id: uuid },
    restore: { photo_id: uuid },
    viewed: { photo_id: uuid },
    move: { photo_id: uuid, idPersona: 'DNI-654321' },
  },
  people: {
    list: { query: '123', limit: 20 },
    delete: { idPersona: 'DNI-123456' },
  },
  conversations: {
    get_all: { user_id: 'operator' },
    get: oneConversation,
    create: { type: 'group', members: [], title: 'Mesa de entradas' },
    update: { ...oneConversation, title: 'Recepción' },
    delete: oneConversation,
    join: oneConversation,
    leave: oneConversation,
  },
  messages: {
    get_all: { ...oneConversation, limit: 20 },
    get: oneMessage,
    create: { message: { ...oneConversation, content: 'Buenos días', sender_id: 'operator', client_id: uuid } },
    update: { ...oneMessage, content: 'Buenas tardes' },
    delete: oneMessage,
    mark_delivered: oneMessage,
    mark_read: oneMessage,
    typing: oneConversation,
  },
  users: {
    get_all: {},
    get: { user_id: 'ana' },
    create: { user_id: 'ana', name: 'Ana' },
    update: { user_id: 'ana', name: 'Ana María' },
    delete: { user_id: 'ana' },
  },
  events: {
    resume: { after: 0 },
    publish: { type: 'turno_llamado', data: { numero: 7 } },
    announce: { type: 'reservation_created', data: { cliente_id: 1, proveedor_id: 2 } },
  },
  dashboard: {
    summary: {},
    clients: {},
    rooms: {},
    events: {},
    stats: {},
    api_status: {},
    overview: { span: '24h' },
    cleanup: {},
  },
  network: { status: {}, choose: { interface: null }, wifi: {} },
  display: { show: { session_id: null }, get: {} },
  rooms: { list: {}, join: { room: 'activity' }, leave: { room: 'activity' } },
  settings: {
    get: {},
    update: { settings: { desk_name: 'Ventanilla 2', consent_text: null }, pin: '1357' },
    check_pin: { pin: '1357' },
  },
  activity: { list: { before: '900', limit: 10, kinds: ['photo_received'] } },
};

const settings: Settings = {
  desk_name: 'Ventanilla 2',
  lang: 'es',
  port: 8080,
  host: '0.0.0.0',
  lan_interface: null,
  wifi_ssid: 'Visitas',
  retention_days: 30,
  consent_text: null,
  shot_lists: [{ name: 'DNI', shots: ['DNI anverso', 'DNI reverso'] }],
  quick_replies: ['Un momento, por favor.'],
  sounds: true,
  theme: 'system',
  blur_minutes: 5,
  autostart: false,
  wifi_password_set: true,
  pin_set: true,
  consent_version: '1',
  fixed: { port: 'environment' },
  at_next_start: ['host'],
};

export const eventExamples: { [E in EventName]: EventData<E> } = {
  connected: { user_id: 'operator', role: 'operator', head: 12, now: at },
  upload_progress: {
    photo_id: uuid,
    session_id: uuid,
    idPersona: 'DNI-123456',
    received: 65_536,
    total: 812_345,
    state: 'receiving',
  },
  session_updated: { session },
  photo_received: { photo },
  photo_updated: { photo: { ...photo, stored_sha256: hash } },
  photo_reviewed: { photo: { ...photo, status: 'rejected', reason: 'Sale movida' } },
  photo_deleted: { photo_id: uuid, session_id: null },
  person_deleted: { ref: '0f3c5a7b9d1e2f40' },
  new_message: { ...message, conversation_type: 'group' },
  message_updated: { message: { ...message, edited_at: at } },
  message_deleted: oneMessage,
  message_delivered: receipt,
  message_read: { ...receipt, read_at: at },
  typing: { ...oneConversation, user_id: 'ana' },
  conversation_created: { conversation },
  conversation_updated: { conversation, joined: 'luis', group_id: '3' },
  conversation_deleted: oneConversation,
  user_created: { user },
  user_updated: { user },
  user_deleted: { user_id: 'ana' },
  presence: { user_id: 'ana', online: true },
  network_status: {
    addresses: [
      {
        address: '192.168.1.50',
        name: 'wlp2s0',
        kind: 'lan',
        score: 100,
        why: 'private address on a physical interface',
        chosen: false,
        in_qr: true,
        answers: true,
        reached_at: at,
      },
    ],
    unheard: [],
    interface: null,
    interface_fixed: false,
    public_url: null,
    url: 'http://192.168.1.50:8080',
    host: '0.0.0.0',
    port: 8080,
    platform: 'linux',
    firewall: [{ system: 'ufw', own: true, command: 'sudo ufw allow 8080/tcp' }],
    wifi: { ssid: 'Visitantes', has_password: true },
  },
  network_changed: { url: 'http://192.168.7.9:8080' },
  display_changed: { session_id: uuid },
  settings_updated: { settings },
  published: { type: 'turno_llamado', data: { numero: 7 }, from: 'operator', timestamp: at },
  activity: {
    activity: { id: '9', at, kind: 'photo_received', who: uuid, text: 'Llegó una foto.', data: { photo_id: uuid } },
  },
};
