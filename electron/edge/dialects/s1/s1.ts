/**
 * S1: a program asks for a QR and is told when a phone has scanned it. It works with the sessions that it made, by names of its
 * own choosing, and with no others. Knows no socket: raw JSON and Socket.IO both come through here. (CONTRACT 5, S1.)
 */

import { read } from '../../../../protocol/codec.ts';
import type { Result } from '../../../../protocol/errors.ts';
import type { Session } from '../../../../protocol/session.ts';
import { connected, error, input, news, type S1Message, statusOf, type Verb, verbs } from './messages.ts';

export interface S1Parts {
  /** Never rejects. One action of the resource `sessions`, as somebody who may create, get and end them. */
  ask(action: 'create' | 'get' | 'end', input: { session_id?: string }): Promise<Result<Session>>;
  uuid(): string;
  /** What programs call their sessions, kept through a restart. */
  names: {
    all(): { name: string; sessionId: string }[];
    keep(name: string, sessionId: string): void;
    drop(name: string): void;
  };
  /** Calls `then` in `ms` milliseconds; gives back how to call it off. */
  after(ms: number, then: () => void): () => void;
}

/** Where what is said goes. */
interface S1Client {
  send(message: S1Message): void;
  /** From now on it is to be told, by `S1Connection.hear`, when that session changes. */
  listen(sessionId: string): void;
  unlisten(sessionId: string): void;
}

export interface S1Connection {
  /** Says `connected`. */
  welcome(): void;
  /** One of `verbs` with what came along. */
  receive(verb: unknown, input: unknown): void;
  /** A session that it listens to has changed. */
  hear(sessionId: string): void;
  close(): void;
}

export interface S1 {
  open(client: S1Client): S1Connection;
}

export function isVerb(word: unknown): word is Verb {
  return verbs.some(verb => verb === word);
}

/** What a program calls a session, and the session that it has now: none before its first QR. */
interface Entry {
  name: string;
  sessionId: string | null;
  owner: S1Client | null;
  /** What its owner was last told, so that nothing is said twice. */
  said: string | null;
  isOver: boolean;
  forget: (() => void) | null;
}

const maxEach = 20;
const maxInAll = 500;
/** A program that comes back within this time goes on with its sessions; then a QR that nobody shows is ended. */
const keptFor = 15 * 60_000;

export function createS1({ ask, uuid, after, names }: S1Parts): S1 {
  const entries = new Map<string, Entry>();
  // Of before the start: their programs come back as after any other interruption.
  for (const { name, sessionId } of names.all()) {
    const entry: Entry = { name, sessionId, owner: null, said: null, isOver: false, forget: null };
    entries.set(name, entry);
    waitFor(entry);
  }

  function remove({ name, sessionId }: Entry): void {
    entries.delete(name);
    if (sessionId !== null) names.drop(name);
  }

  /** Until its program comes back, or has stayed away for too long. */
  function waitFor(entry: Entry): void {
    entry.forget = after(keptFor, () => void leave(entry));
  }

  function open(client: S1Client): S1Connection {
    let last: Entry | null = null;
    let isClosed = false;
    /** One thing after the other, so that what is told stands in the order in which it came about. */
    let turn = Promise.resolve();
    const inTurn = (work: () => Promise<void>) => {
      turn = turn.then(() => (isClosed ? undefined : work()));
    };
    const own = () => [...entries.values()].filter(({ owner }) => owner === client);

    /** The session that a message is about, made where it is new; or why there is none. */
    function claim(wanted: string | null): Entry | string {
      const entry = wanted === null ? last : (entries.get(wanted) ?? null);
      if (entry === null) return make(wanted ?? uuid());
      if (entry.owner !== null && entry.owner !== client) return 'Esa sesión es de otra conexión.';
      if (entry.owner === null) adopt(entry);
      return entry;
    }

    function make(named: string): Entry | string {
      const mine = own();
      if (mine.length >= maxEach) {
        const idle = mine.find(({ sessionId, isOver }) => sessionId === null || isOver);
        if (!idle) return 'Hay demasiadas sesiones abiertas en esta conexión; termine alguna.';
        remove(idle);
      }
      if (entries.size >= maxInAll) return 'Hay demasiadas sesiones abiertas en este servidor.';
      const entry: Entry = { name: named, sessionId: null, owner: client, said: null, isOver: false, forget: null };
      entries.set(named, entry);
      return entry;
    }

    function adopt(entry: Entry): void {
      entry.forget?.();
      entry.forget = null;
      entry.owner = client;
      if (entry.sessionId !== null) client.listen(entry.sessionId);
    }

    /** Tells how it is: always where it was asked for, else only what is new. */
    function tell(entry: Entry, session: Session, wasAsked: boolean): void {
      const message = news(entry.name, session);
      const key = `${session.id} ${session.status} ${session.qr?.url}`;
      const isNew = entry.said !== key;
      entry.said = key;
      if (session.status === 'disconnected') {
        entry.isOver = true;
        client.unlisten(session.id);
      }
      if (message && (wasAsked || isNew)) client.send(message);
    }

    async function showQr(entry: Entry): Promise<void> {
      const { sessionId } = entry;
      const known = sessionId === null ? null : await ask('get', { session_id: sessionId });
      if (known?.ok && known.value.status !== 'disconnected') return tell(entry, known.value, true);
      const made = await ask('create', {});
      if (!made.ok) return client.send(error(made.error.message));
      if (isClosed) return void ask('end', { session_id: made.value.id });
      if (sessionId !== null) client.unlisten(sessionId);
      entry.sessionId = made.value.id;
      entry.isOver = false;
      names.keep(entry.name, made.value.id);
      client.listen(made.value.id);
      tell(entry, made.value, true);
    }

    async function showStatus({ name, sessionId }: Entry): Promise<void> {
      if (sessionId === null) return client.send(statusOf(name, 'pending'));
      const session = await ask('get', { session_id: sessionId });
      client.send(statusOf(name, session.ok ? session.value.status : 'disconnected'));
    }

    /** What follows from it comes by `hear` as well, and is then no news. */
    async function end(entry: Entry): Promise<void> {
      const { name, sessionId } = entry;
      if (sessionId === null || entry.isOver) {
        return client.send({ type: 'disconnected', session_id: name, message: 'Esa sesión no está abierta.' });
      }
      const ended = await ask('end', { session_id: sessionId });
      if (!ended.ok) return client.send(error(ended.error.message));
      tell(entry, ended.value, false);
    }

    async function answer(verb: unknown, given: unknown): Promise<void> {
      const found = read(input, given ?? {});
      if (!found.ok) return client.send(error('«session_id» debe ser un texto de 1 a 64 caracteres.'));
      if (!isVerb(verb)) {
        return client.send(error(`No se entiende «type»: se admiten ${verbs.join(', ')}.`));
      }
      const wanted = found.value.session_id || null;
      if (verb === 'disconnect_whatsapp' && wanted === null && last === null) {
        return client.send(error('Esta conexión no tiene ninguna sesión que terminar.'));
      }
      const entry = claim(wanted);
      if (typeof entry === 'string') return client.send(error(entry));
      last = entry;
      if (verb === 'get_qr') return showQr(entry);
      return verb === 'get_status' ? showStatus(entry) : end(entry);
    }

    async function pass(sessionId: string): Promise<void> {
      const entry = own().find(candidate => candidate.sessionId === sessionId);
      const session = entry ? await ask('get', { session_id: sessionId }) : null;
      if (entry && session?.ok) tell(entry, session.value, false);
    }

    return {
      welcome: () => client.send(connected),
      receive: (verb, given) => inTurn(() => answer(verb, given)),
      hear: sessionId => inTurn(() => pass(sessionId)),
      close() {
        isClosed = true;
        for (const entry of own()) {
          entry.owner = null;
          if (entry.sessionId === null || entry.isOver) remove(entry);
          else waitFor(entry);
        }
      },
    };
  }

  /** A phone that is there stays with the desk; a QR that nobody shows any more is put away. */
  async function leave(entry: Entry): Promise<void> {
    remove(entry);
    const { sessionId } = entry;
    const session = sessionId === null ? null : await ask('get', { session_id: sessionId });
    if (session?.ok && session.value.status === 'qr_ready') await ask('end', { session_id: session.value.id });
  }

  return { open };
}
