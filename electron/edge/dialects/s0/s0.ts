/**
 * S0: everybody shows photos to everybody else. A frame goes on as it came, before anybody looks at the picture; storing comes
 * after. Photos that come any other way are shown once they have been worked on. Knows no socket. (CONTRACT 5, S0.)
 */
import { type Failure, fail, internal, type Result } from '../../../../protocol/errors.ts';
import type { EventData, EventName } from '../../../../protocol/events.ts';
import type { Photo } from '../../../../protocol/photo.ts';
import { decode } from './decode.ts';
import { writeError, writePhoto } from './encode.ts';
import type { Outline } from './outline.ts';

export interface S0Client {
  send(frame: string | Buffer): void;
  /** Its frames are not to be read until `resume`. */
  pause(): void;
  resume(): void;
  /** It has been refused something once more. */
  mistaken(): void;
}

export interface S0Parts<C extends S0Client> {
  uuid(): string;
  /** Of before the start: what has not been worked on or is nobody's yet, and what of it S0 clients have seen. */
  left: readonly { id: string; relayed: boolean }[];
  /** To every S0 client but one. */
  relay(frame: Buffer, except: C | null): void;
  /** Resolves when the photo cannot be lost any more, or is not wanted; what is refused has been noted. */
  store(photo: { id: string; idPersona: string; picture: Buffer }, from: C): Promise<Result<unknown>>;
  /** Takes away a photo that turned out to be none, and notes why. */
  drop(id: string, reason: string): void;
  /** The re-encoded picture. */
  picture(id: string): Promise<Result<Buffer>>;
}

type S0Event = { [E in EventName]: { type: E; data: EventData<E> } }[EventName];

export interface S0<C extends S0Client> {
  receive(found: Outline, frame: Buffer, from: C): void;
  refuse(error: Failure, to: C): void;
  /** To be told of every event. */
  hear(event: S0Event): void;
  leave(client: C): void;
  /** Resolves once no photo waits to be stored. */
  drained(): Promise<void>;
}

/** Bytes of pictures that may wait to be stored; past it no more is read from those who send. */
const maxWaiting = 64 * 1024 * 1024;
/** They wait for each other's commit, not only for the disk. */
const atOnce = 16;

export function createS0<C extends S0Client>(parts: S0Parts<C>): S0<C> {
  const waiting: { id: string; idPersona: string; picture: Buffer; from: C }[] = [];
  let waitingBytes = 0;
  let storing = 0;
  let onDrained = () => {};
  const paused = new Set<C>();
  /** Photos that came by S0 and have not been worked on: S0 clients have seen them. A sender of before the start is gone. */
  const shown = new Map<string, C | null>();
  /** Photos that came any other way and are still to be shown here: not yet worked on, or of nobody yet. */
  const due = new Set<string>();
  for (const { id, relayed } of parts.left) {
    if (relayed) shown.set(id, null);
    else due.add(id);
  }

  function queue(idPersona: string, picture: Buffer, from: C): void {
    waiting.push({ id: parts.uuid(), idPersona, picture, from });
    waitingBytes += picture.length;
    if (waitingBytes > maxWaiting && !paused.has(from)) {
      paused.add(from);
      from.pause();
    }
    next();
  }

  function next(): void {
    const first = storing < atOnce ? waiting.shift() : undefined;
    if (!first) return;
    storing += 1;
    shown.set(first.id, first.from);
    void parts
      .store(first, first.from)
      .catch(() => internal)
      .then(result => {
        storing -= 1;
        waitingBytes -= first.picture.length;
        if (!result.ok) {
          shown.delete(first.id);
          refuse(result.error, first.from);
        }
        if (waitingBytes <= maxWaiting / 2) {
          for (const client of paused) client.resume();
          paused.clear();
        }
        next();
        if (storing === 0) onDrained();
      });
    next();
  }

  function refuse(error: Failure, to: C): void {
    to.send(writeError(error));
    to.mistaken();
  }

  async function show({ id, idPersona, mime }: Photo): Promise<void> {
    if (idPersona === null) return;
    due.delete(id);
    const picture = await parts.picture(id);
    if (picture.ok) parts.relay(writePhoto(idPersona, mime, picture.value), null);
  }

  function worked(photo: Photo): void {
    const from = shown.get(photo.id);
    if (photo.status === 'quarantined') {
      due.delete(photo.id);
      if (from === undefined) return;
      shown.delete(photo.id);
      const reason = photo.reason ?? 'No se pudo leer la foto.';
      parts.drop(photo.id, reason);
      if (from) refuse(fail('invalid_message', reason, { reason: 'unreadable' }).error, from);
    } else if (photo.stored_sha256 !== null) {
      shown.delete(photo.id);
      if (due.has(photo.id)) void show(photo);
    }
  }

  return {
    receive(found, frame, from) {
      const said = decode(found, frame);
      if (!said.ok) return refuse(said.error, from);
      parts.relay(frame, from);
      queue(said.value.idPersona, said.value.picture, from);
    },
    refuse,
    hear(event) {
      if (event.type === 'photo_received' && !shown.has(event.data.photo.id)) due.add(event.data.photo.id);
      else if (event.type === 'photo_updated') worked(event.data.photo);
      else if (event.type === 'photo_deleted') due.delete(event.data.photo_id);
    },
    leave(client) {
      paused.delete(client);
    },
    drained: () =>
      new Promise(resolve => {
        onDrained = resolve;
        if (storing === 0) resolve();
      }),
  };
}
