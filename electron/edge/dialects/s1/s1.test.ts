import { expect, test } from 'vitest';
import { fail, ok } from '../../../../protocol/errors.ts';
import type { Session } from '../../../../protocol/session.ts';
import type { S1Message } from './messages.ts';
import { createS1 } from './s1.ts';

/** Sessions in memory, and timers that end when the test says so. `of` an earlier one: what is left after a restart. */
function stage(of?: { sessions: Map<string, Session>; names: Map<string, string> }) {
  const sessions = of?.sessions ?? new Map<string, Session>();
  const names = of?.names ?? new Map<string, string>();
  const timers = new Set<() => void>();
  let made = 0;
  const set = (id: string, status: Session['status']) => {
    const url = `HTTP://DESK/J/${id}-${made++}`;
    const at = '2026-03-02T12:00:00.000Z';
    const qr = status === 'qr_ready' ? { url, expires_at: at, code: 'ABCDEF', code_expires_at: at } : null;
    const about = { id, idPersona: null, label: null, emoji: '🐢', color: '#00aa00', shots: [], conversation_id: null };
    const session: Session = { ...about, status, qr, created_at: at, phone: { connected: false, device: null } };
    sessions.set(id, session);
    return ok(session);
  };
  const s1 = createS1({
    async ask(action, { session_id = '' }) {
      if (action === 'create') return set(`id${made}`, 'qr_ready');
      if (action === 'end') return set(session_id, 'disconnected');
      const found = sessions.get(session_id);
      return found ? ok(found) : fail('not_found', 'no such session');
    },
    uuid: () => `name${made++}`,
    names: {
      all: () => [...names].map(([name, sessionId]) => ({ name, sessionId })),
      keep: (name, sessionId) => void names.set(name, sessionId),
      drop: name => void names.delete(name),
    },
    after(_ms, then) {
      timers.add(then);
      return () => void timers.delete(then);
    },
  });
  function open() {
    const said: S1Message[] = [];
    const listens = new Set<string>();
    const connection = s1.open({
      send: message => void said.push(message),
      listen: id => void listens.add(id),
      unlisten: id => void listens.delete(id),
    });
    return { said, listens, connection };
  }
  const settled = () => new Promise(resolve => setImmediate(resolve));
  /** A quarter of an hour goes by. */
  async function pass() {
    for (const then of timers) then();
    await settled();
  }
  return { sessions, names, set, open, settled, pass };
}

test('[S1R6] a QR of a program that went away and did not come back is ended; a phone that is there stays', async () => {
  const { sessions, set, open, settled, pass } = stage();
  const { connection, listens } = open();
  for (const session_id of ['waits', 'paired', 'adopted']) connection.receive('get_qr', { session_id });
  await settled();
  const [waits = '', paired = '', adopted = ''] = listens;
  set(paired, 'authenticated');
  connection.close();

  const next = open();
  next.connection.receive('get_status', { session_id: 'adopted' });
  await settled();
  expect([...next.listens]).toEqual([adopted]);
  await pass();
  expect([waits, paired, adopted].map(id => sessions.get(id)?.status)).toEqual([
    'disconnected',
    'authenticated',
    'qr_ready',
  ]);
  // The name is free again: it makes a new session.
  next.connection.receive('get_qr', { session_id: 'waits' });
  await settled();
  expect(next.said.at(-1)).toMatchObject({ type: 'qr_code', session_id: 'waits' });
  expect(next.listens.size).toBe(2);
});

test('[S1R7] what is told about a session is in order, and nothing of it twice', async () => {
  const { set, open, settled } = stage();
  const { connection, said, listens } = open();
  connection.receive('get_qr', {});
  await settled();
  const [id = ''] = listens;
  connection.hear(id);
  set(id, 'qr_ready');
  connection.hear(id);
  await settled();
  set(id, 'authenticated');
  for (let count = 0; count < 3; count++) connection.hear(id);
  connection.receive('get_qr', {});
  connection.receive('disconnect_whatsapp', {});
  connection.hear(id);
  connection.receive('disconnect_whatsapp', {});
  await settled();
  expect(said.map(({ type }) => type)).toEqual([
    'qr_code',
    'qr_code',
    'authenticated',
    'authenticated',
    'disconnected',
    'disconnected',
  ]);
  expect(listens.size).toBe(0);
});

test('[S1R12] the names that programs gave their sessions are kept through a restart, until the program stays away', async () => {
  const before = stage();
  const { connection, said } = before.open();
  for (const session_id of ['waits', 'back', 'over']) connection.receive('get_qr', { session_id });
  connection.receive('disconnect_whatsapp', { session_id: 'over' });
  await before.settled();
  const qr = said.find(message => message.type === 'qr_code' && message.session_id === 'back');

  const { sessions, names, open, settled, pass } = stage(before);
  const next = open();
  next.connection.receive('get_qr', { session_id: 'back' });
  next.connection.receive('get_status', { session_id: 'over' });
  await settled();
  expect(next.said).toEqual([qr, expect.objectContaining({ session_id: 'over', status: 'disconnected' })]);
  expect(sessions.size).toBe(3);
  await pass();
  const waits = said.find(message => message.type === 'qr_code' && message.session_id === 'waits');
  expect(waits).toBeDefined();
  expect([...sessions.values()].map(({ status }) => status).sort()).toEqual([
    'disconnected',
    'disconnected',
    'qr_ready',
  ]);
  expect([...names.keys()].sort()).toEqual(['back', 'over']);
  next.connection.close();
  expect([...names.keys()]).toEqual(['back', 'over']);
  await pass();
  expect([...names.keys()]).toEqual([]);
});
