/** Who is in which room, and who hears what others publish. */
import { expect, test } from 'vitest';
import { granted, openDesk, verdict } from '../../../tests/desk-fixture.ts';
import { operator, type Principal, phone } from '../access.ts';
import { automaticRooms } from './rooms.ts';

const cliente: Principal = { role: 'cliente', userId: 'c1' };
const proveedor: Principal = { role: 'proveedor', userId: 'p1' };
const admin: Principal = { role: 'admin', userId: 'a1' };
const integration: Principal = { role: 'integration', userId: 'i1' };
const user: Principal = { role: 'user', userId: 'u1' };

test('[ROOM1] a role gives its rooms: one’s own and one’s role’s, or the admins’', () => {
  expect(automaticRooms(cliente)).toEqual(['cliente_c1', 'all_clientes']);
  expect(automaticRooms(proveedor)).toEqual(['proveedor_p1', 'all_proveedores']);
  expect([admin, operator].map(automaticRooms)).toEqual([['admin_dashboard'], ['admin_dashboard']]);
  expect([integration, user, phone('s', 0)].map(automaticRooms)).toEqual([[], [], []]);
});

test.each([cliente, proveedor, admin, operator])('[ROOM2] $role joins and leaves services and locations', principal => {
  const here = openDesk().connect(principal);
  for (const room of ['service_9', 'location_l 4']) {
    expect(granted(here.ask('rooms', 'join', { room })).reply).toEqual({ room });
    expect(here.rooms.has(room)).toBe(true);
    expect(granted(here.ask('rooms', 'leave', { room })).reply).toEqual({ room });
    expect(here.rooms.has(room)).toBe(false);
  }
});

test('[ROOM400] a back office and a user without a role join services and locations too; a phone joins none', () => {
  const desk = openDesk();
  for (const principal of [integration, user]) {
    const here = desk.connect(principal);
    for (const room of ['service_9', 'location_l 4']) {
      expect(granted(here.ask('rooms', 'join', { room })).reply).toEqual({ room });
      expect(here.rooms.has(room)).toBe(true);
    }
  }
  for (const room of ['service_9', 'location_l 4']) {
    expect(verdict(desk.connect(phone('s', 0)).ask('rooms', 'join', { room }))).toBe('forbidden');
  }
});

test.each([cliente, proveedor, admin, operator, integration, user, phone('s', 0)])(
  '[ROOM3] $role joins nobody else’s room, no other role’s, and none of the server’s own',
  principal => {
    const here = openDesk().connect(principal);
    const own = new Set(automaticRooms(principal));
    const closed = ['cliente_c2', 'proveedor_p2', 'cliente_c1', 'all_clientes', 'all_proveedores', 'admin_dashboard'];
    for (const room of [...closed, '@desk', '@user:c1', '@native', 'service_', 'lobby']) {
      expect(verdict(here.ask('rooms', 'join', { room }))).toBe(own.has(room) ? 'ok' : 'forbidden');
    }
  },
);

test('[PUB3] what is published is kept with its seq, in its room, with its sender, and stands in the log', () => {
  const desk = openDesk();
  const reply = granted(
    desk.connect(integration).ask('events', 'publish', { type: 'aviso', data: [1], room: 'service_9' }),
  );
  expect(reply.reply).toEqual({ type: 'aviso', timestamp: new Date(desk.now()).toISOString() });
  const event = { type: 'published', rooms: ['service_9'], data: { type: 'aviso', data: [1], from: 'i1' } };
  expect(desk.published).toContainEqual(expect.objectContaining({ seq: expect.any(Number), type: 'published' }));
  expect(desk.store.journal.between(0, 1_000)).toContainEqual(
    expect.objectContaining({ ...event, data: expect.objectContaining(event.data) }),
  );
  const { activity } = granted(desk.ask(operator, 'activity', 'list')) as { activity: { kind: string }[] };
  expect(activity.map(({ kind }) => kind)).toContain('event_published');
});

test.each([cliente, proveedor, user])(
  '[PUB4] $role publishes nothing, and announces only what it figures in',
  principal => {
    const here = openDesk().connect(principal);
    expect(verdict(here.ask('events', 'publish', { type: 'aviso' }))).toBe('forbidden');
    const type = 'payment_created';
    expect(verdict(here.ask('events', 'announce', { type, data: { clienteId: 'somebody' } }))).toBe('forbidden');
    const mine = here.ask('events', 'announce', { type, data: { proveedorId: principal.userId } });
    expect(verdict(mine)).toBe(principal.role === 'user' ? 'forbidden' : 'ok');
  },
);

test.each(['new_message', 'published', 'connected', 'session_updated'])(
  '[PUB5] %s is the server’s own word: nobody publishes it',
  type => {
    expect(verdict(openDesk().connect(admin).ask('events', 'publish', { type, data: {} }))).toBe('forbidden');
  },
);

test.each([{}, { type: '' }, { type: 'a b' }, { type: 7 }, { type: 'x'.repeat(65) }, { type: 'x', room: '' }])(
  '[PUB6] %j is refused as invalid',
  input => {
    expect(verdict(openDesk().connect(admin).ask('events', 'publish', input))).toBe('invalid_message');
  },
);
