/**
 * Rooms decide who hears what, on every protocol: an event is sent to rooms, a connection is in rooms.
 * Names that begin with `@` are ours: connections are put there by who they are, nobody joins them by asking.
 */
import { type Principal, staff, supervisors, users } from '../access.ts';

/** All sessions and photos: the people at the desk and the back office. */
export const deskRoom = '@desk';
/** Those who may see and change the settings. */
export const supervisorRoom = '@supervisors';
/** The activity log, for the connections that want it. */
export const activityRoom = 'activity';

export function sessionRoom(sessionId: string): string {
  return `@session:${sessionId}`;
}

/** Everybody who came in with one token, so that they can be shown out together. */
export function tokenRoom(tokenId: string): string {
  return `@token:${tokenId}`;
}

/** The rooms that a connection is in whatever else it is. */
export function tokenRoomsOf(principal: Principal | null): string[] {
  if (principal === null || principal.role === 'phone' || principal.tokenId === undefined) return [];
  return [tokenRoom(principal.tokenId)];
}

/** Every connection of one user, or of one session's phone, on whichever protocol. */
export function userRoom(userId: string): string {
  return `@user:${userId}`;
}

/** Whose room it is; `null` for any other room. */
export function userOf(room: string): string | null {
  return room.startsWith('@user:') ? room.slice('@user:'.length) : null;
}

/** All users: everybody but phones. */
export const usersRoom = '@users';

/** Every native connection but phones': where a published event goes that was sent to no room. */
export const nativeRoom = '@native';
/** Those who look after all hear every business event here. */
export const adminRoom = 'admin_dashboard';

export function clienteRoom(userId: string): string {
  return `cliente_${userId}`;
}

export function proveedorRoom(userId: string): string {
  return `proveedor_${userId}`;
}

export function serviceRoom(serviceId: string): string {
  return `service_${serviceId}`;
}

export function locationRoom(locationId: string): string {
  return `location_${locationId}`;
}

/** Whether people join it and see its name; the others are ours. */
export function isOpen(room: string): boolean {
  return !room.startsWith('@');
}

/** The open rooms that a role gives: one's own, and one's role's. (CONTRACT 5, S2.) */
export function automaticRooms({ role, userId }: Principal): string[] {
  switch (role) {
    case 'cliente':
      return [clienteRoom(userId), 'all_clientes'];
    case 'proveedor':
      return [proveedorRoom(userId), 'all_proveedores'];
    case 'admin':
    case 'operator':
      return [adminRoom];
    case 'integration':
    case 'user':
    case 'phone':
      return [];
    default:
      return role satisfies never;
  }
}

/** The rooms that a connection is in from the start. */
export function roomsOf(principal: Principal): string[] {
  const own = userRoom(principal.userId);
  if (principal.role === 'phone') return [own, sessionRoom(principal.sessionId)];
  const user = [own, usersRoom, ...tokenRoomsOf(principal), ...automaticRooms(principal)];
  return [
    ...user,
    ...(staff.includes(principal.role) ? [deskRoom] : []),
    ...(supervisors.includes(principal.role) ? [supervisorRoom] : []),
  ];
}

/** One's own rooms, those of any service and location, the log for those who may see it; never another person's or role's. */
export function mayJoin(principal: Principal, room: string): boolean {
  if (room === activityRoom) return supervisors.includes(principal.role);
  if (/^(service|location)_./.test(room)) return users.includes(principal.role);
  return automaticRooms(principal).includes(room);
}
