/**
 * What the phone keeps between two loads of the page: whom it is paired with, a pairing under way, the language, large letters. Texts of
 * localStorage are as foreign as frames, so they go through the codec.
 */
import * as z from 'zod/mini';
import { read, readJson } from '../../protocol/codec.ts';
import { type Lang, lang } from '../../protocol/primitives.ts';
import { type Session, session } from '../../protocol/session.ts';

/** The part of localStorage that is used; a `Map`'s worth of memory where it is refused. */
export interface TextStore {
  get(key: string): string | null;
  set(key: string, text: string): void;
  remove(key: string): void;
}

/** A refused photo, and the one that was chosen in its place. */
const answer = z.object({ to: z.string(), by: z.string() });
export type Answer = z.infer<typeof answer>;

const visit = z.object({
  session,
  phone_token: z.string(),
  /** The token or code it was paired with, so that opening the same address again goes on instead of failing as used. */
  by: z.string(),
  consented: z.boolean(),
  /** Of the words that were agreed to; not there in what an older page kept. */
  consent_version: z.optional(z.string()),
  /** Of photos without a name; not there until the first. */
  answers: z.optional(z.array(answer)),
});
export type KeptVisit = z.infer<typeof visit>;

const attempt = z.object({
  token: z.optional(z.string()),
  code: z.optional(z.string()),
  claim: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type PairingAttempt = z.infer<typeof attempt>;

const letters = z.enum(['usual', 'large']);
export type Letters = z.infer<typeof letters>;

const keys = {
  visits: 'mostrador.visits',
  attempt: 'mostrador.attempt',
  lang: 'mostrador.lang',
  letters: 'mostrador.letters',
  camera: 'mostrador.camera',
};

export class Kept {
  readonly #store: TextStore;

  constructor(store: TextStore) {
    this.#store = store;
  }

  /** Newest first: the first one is the visit that goes on; older ones only finish what they still have to send. */
  visits(): KeptVisit[] {
    return this.#read(keys.visits, z.array(visit)) ?? [];
  }

  begin(kept: KeptVisit): void {
    this.#write(
      keys.visits,
      [kept, ...this.visits().filter(other => other.session.id !== kept.session.id)].slice(0, 3),
    );
  }

  update(changed: Session): void {
    this.#change(changed.id, kept => ({ ...kept, session: changed }));
  }

  consent(sessionId: string, version: string): void {
    this.#change(sessionId, kept => ({ ...kept, consented: true, consent_version: version }));
  }

  /** What the visitor agreed to; `null`: to nothing yet. */
  consentOf(sessionId: string): string | null {
    return this.visit(sessionId)?.consent_version ?? null;
  }

  answer(sessionId: string, made: Answer): void {
    this.#change(sessionId, kept => ({ ...kept, answers: [...(kept.answers ?? []), made] }));
  }

  visit(sessionId: string): KeptVisit | undefined {
    return this.visits().find(({ session }) => session.id === sessionId);
  }

  forget(sessionId: string): void {
    const others = this.visits().filter(kept => kept.session.id !== sessionId);
    // Nothing at all, as after `erase`: another tab may do that at this very moment.
    if (others.length === 0) this.#store.remove(keys.visits);
    else if (others.length < this.visits().length) this.#write(keys.visits, others);
  }

  attempt(): PairingAttempt | null {
    return this.#read(keys.attempt, attempt);
  }

  keepAttempt(made: PairingAttempt): void {
    this.#write(keys.attempt, made);
  }

  forgetAttempt(): void {
    this.#store.remove(keys.attempt);
  }

  lang(): Lang | null {
    return this.#read(keys.lang, lang);
  }

  keepLang(chosen: Lang): void {
    this.#write(keys.lang, chosen);
  }

  /** How large the page's letters are. */
  letters(): Letters {
    return this.#read(keys.letters, letters) ?? 'usual';
  }

  keepLetters(chosen: Letters): void {
    this.#write(keys.letters, chosen);
  }

  /** The visit whose page is away because the phone's camera is open; `null` again once it is back. */
  keepCamera(visitId: string | null): void {
    if (visitId === null) this.#store.remove(keys.camera);
    else this.#write(keys.camera, visitId);
  }

  /** Asked at the start of the page: the phone closed it under the open camera, and the photo is lost. */
  cameraOf(): string | null {
    return this.#read(keys.camera, z.string());
  }

  erase(): void {
    for (const key of Object.values(keys)) this.#store.remove(key);
  }

  #change(sessionId: string, change: (kept: KeptVisit) => KeptVisit): void {
    // Erased in another tab: nothing of it comes back.
    if (!this.visit(sessionId)) return;
    this.#write(
      keys.visits,
      this.visits().map(kept => (kept.session.id === sessionId ? change(kept) : kept)),
    );
  }

  #read<S extends z.ZodMiniType>(key: string, schema: S): z.output<S> | null {
    const json = readJson(this.#store.get(key) ?? 'null');
    const kept = json.ok ? read(schema, json.value) : json;
    return kept.ok ? kept.value : null;
  }

  #write(key: string, value: unknown): void {
    this.#store.set(key, JSON.stringify(value));
  }
}

export function memoryTexts(): TextStore {
  const texts = new Map<string, string>();
  return {
    get: key => texts.get(key) ?? null,
    set: (key, text) => void texts.set(key, text),
    remove: key => void texts.delete(key),
  };
}

/**
 * localStorage, with memory for what it does not take: a private window may refuse to write or even to be asked. What it takes is
 * asked for anew each time, because a second tab of the page writes there too.
 */
export function browserTexts(): TextStore {
  const memory = memoryTexts();
  const attempt = <T>(work: () => T, otherwise: () => T): T => {
    try {
      return work();
    } catch {
      return otherwise();
    }
  };
  return {
    get: key =>
      memory.get(key) ??
      attempt(
        () => localStorage.getItem(key),
        () => null,
      ),
    set: (key, text) =>
      attempt(
        () => {
          localStorage.setItem(key, text);
          memory.remove(key);
        },
        () => memory.set(key, text),
      ),
    remove: key => {
      memory.remove(key);
      attempt(
        () => localStorage.removeItem(key),
        () => {},
      );
    },
  };
}
