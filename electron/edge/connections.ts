/** Who is connected, on whichever protocol, and in which rooms; and how an event reaches them. */
import type { ClientProtocol } from '../../protocol/dashboard.ts';
import type { Role } from '../../protocol/user.ts';
import type { StoredEvent } from '../core/outcome.ts';
import type { Bus, Log } from '../core/ports.ts';
import type { View } from '../core/present.ts';
import { sessionRoom, userOf } from '../core/rooms/rooms.ts';
import { textFrame } from './text-frame.ts';

/** How one protocol writes an event; `null` where it has no word for it. Asked once an event and view, however many listen. */
export type Encode = (event: StoredEvent, view: View) => string | null;

/** A text message; bytes are its UTF-8. */
export type Frame = string | Buffer;

/** Who is at the other end, for those who look after the server. */
export interface About {
  id: string;
  userId: string | null;
  role: Role | null;
  address: string;
  protocol: ClientProtocol;
  /** By the monotonic clock, in milliseconds. */
  since: number;
}

export interface Connection {
  readonly about: About;
  readonly view: View;
  readonly encode: Encode;
  readonly rooms: Set<string>;
  /** The last round of telling that reached it: `Connections`' own mark, which costs less than a set of a thousand made anew for each event. */
  round?: number;
  send(frame: Frame): void;
  /** Where there is one, an event goes out by it: a whole WebSocket frame, made once for all who hear it. */
  write?(whole: Buffer): void;
  /** Its token is no longer good. */
  revoke(): void;
}

export interface Connections extends Bus {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  join(connection: Connection, room: string): void;
  leave(connection: Connection, room: string): void;
  /** Sends a frame as it is to everybody in a room but `except`. */
  relay(room: string, frame: Frame, except: Connection | null): void;
  /** Tells a part of the server itself of every event, whoever is connected; gives back how to stop. */
  listen(listener: (event: StoredEvent) => void): () => void;
  /** Ends all connections in a room: what let them in is no longer good. */
  end(room: string): void;
  /** How many there are. */
  count(): number;
  list(): Connection[];
  /** Those that are gone: how many, and for how long they were there in all, in milliseconds. */
  past(): { count: number; ms: number };
  isOnline(userId: string): boolean;
  /** How many different users are connected. */
  usersOnline(): number;
}

/** An event as one protocol says it to one view. */
interface Written {
  text: string;
  whole?: Buffer;
}

/** `onUser`: a user's first connection came, or the last one went; phones are no users. */
export function createConnections(log: Log, onUser: (userId: string, online: boolean) => void = () => {}): Connections {
  const rooms = new Map<string, Set<Connection>>();
  const all = new Set<Connection>();
  let rounds = 0;
  const inside = new Set<(event: StoredEvent) => void>();
  const online = new Set<string>();
  const past = { count: 0, ms: 0 };

  function enter(connection: Connection, room: string): void {
    const members = rooms.get(room);
    if (members) return void members.add(connection);
    rooms.set(room, new Set([connection]));
    tell(connection, room, true);
  }

  function exit(connection: Connection, room: string): void {
    const members = rooms.get(room);
    if (!members?.delete(connection) || members.size > 0) return;
    rooms.delete(room);
    tell(connection, room, false);
  }

  function tell({ view }: Connection, room: string, isHere: boolean): void {
    const userId = view === 'phone' ? null : userOf(room);
    if (userId === null) return;
    if (isHere) online.add(userId);
    else online.delete(userId);
    onUser(userId, isHere);
  }

  /** What one protocol makes of an event is its own bug where it fails: all others are told. */
  function wordFor(encode: Encode, event: StoredEvent, view: View): Written | null {
    try {
      const text = encode(event, view);
      return text === null ? null : { text };
    } catch (err) {
      log.error({ err, type: event.type }, 'an event could not be written');
      return null;
    }
  }

  function deliver(event: StoredEvent): void {
    const written = new Map<Encode, Map<View, Written | null>>();
    const writtenFor = ({ encode, view }: Connection): Written | null => {
      const views = written.get(encode) ?? new Map<View, Written | null>();
      written.set(encode, views);
      let found = views.get(view);
      if (found === undefined) {
        found = wordFor(encode, event, view);
        views.set(view, found);
      }
      return found;
    };
    rounds += 1;
    const round = rounds;
    let before: Connection | null = null;
    let found: Written | null = null;
    for (const room of event.rooms) {
      for (const connection of rooms.get(room) ?? []) {
        // Each once, in however many of the rooms it is.
        if (connection.round === round) continue;
        connection.round = round;
        // Neighbours mostly speak alike; to look it up for each of a thousand takes as long as to check and store the message.
        if (before?.encode !== connection.encode || before.view !== connection.view) found = writtenFor(connection);
        before = connection;
        if (!found) continue;
        if (!connection.write) {
          connection.send(found.text);
          continue;
        }
        found.whole ??= textFrame(found.text);
        connection.write(found.whole);
      }
    }
  }

  return {
    add(connection) {
      all.add(connection);
      for (const room of connection.rooms) enter(connection, room);
    },
    remove(connection) {
      if (all.delete(connection)) {
        past.count += 1;
        past.ms += performance.now() - connection.about.since;
      }
      for (const room of connection.rooms) exit(connection, room);
    },
    join(connection, room) {
      connection.rooms.add(room);
      if (all.has(connection)) enter(connection, room);
    },
    leave(connection, room) {
      connection.rooms.delete(room);
      exit(connection, room);
    },
    relay(room, frame, except) {
      for (const connection of rooms.get(room) ?? []) if (connection !== except) connection.send(frame);
    },
    listen(listener) {
      inside.add(listener);
      return () => void inside.delete(listener);
    },
    end(room) {
      for (const connection of [...(rooms.get(room) ?? [])]) connection.revoke();
    },
    count: () => all.size,
    list: () => [...all],
    past: () => past,
    isOnline: userId => online.has(userId),
    usersOnline: () => online.size,
    publish(events) {
      for (const event of events) {
        deliver(event);
        for (const listener of inside) {
          try {
            listener(event);
          } catch (err) {
            log.error({ err, type: event.type }, 'an event was not heard');
          }
        }
      }
    },
    revoke(sessionId) {
      const members = rooms.get(sessionRoom(sessionId)) ?? [];
      for (const connection of [...members]) if (connection.view === 'phone') connection.revoke();
    },
  };
}
