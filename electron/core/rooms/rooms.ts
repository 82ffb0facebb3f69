/**
 * Rooms decide who hears what, on every protocol: an event is sent to rooms, a connection is in rooms.
 * Names that begin with `@` are ours: connections are put there by who they are, nobody joins them by asking.
 */
import type { Role } from '../../../protocol/events.ts';
import type { Principal } from '../access.ts';

/** All sessions and photos: the people at the desk and the back office. */
export const deskRoom = '@desk';
/** The activity log, for the connections that want it. */
export const activityRoom = 'activity';

export function sessionRoom(sessionId: string): string {
  return `@session:${sessionId}`;
}

const deskRoles: readonly Role[] = ['operator', 'admin', 'integration'];
const logRoles: readonly Role[] = ['operator', 'admin'];

/** The rooms that a connection is in from the start. */
export function roomsOf(principal: Principal): string[] {
  if (principal.role === 'phone') return [sessionRoom(principal.sessionId)];
  return deskRoles.includes(principal.role) ? [deskRoom] : [];
}

export function mayJoin(principal: Principal, room: string): boolean {
  return room === activityRoom && logRoles.includes(principal.role);
}
