/**
 * What the dashboard's page knows, outside React: it asks the server anew every five seconds for as long as it is looked at,
 * and keeps what it last heard when the server cannot be asked.
 */
import {
  cleaned,
  type Overview,
  overview,
  type SeenEvent,
  type Span,
  type Summary,
  summary,
} from '../../protocol/dashboard.ts';
import type { Failure, Result } from '../../protocol/errors.ts';
import { requests } from '../../protocol/requests.ts';
import type { DeskLook } from '../../protocol/settings.ts';
import type { Connection } from './connection.ts';
import type { JsonClient } from './http-client.ts';
import { Watched } from './watched.ts';

export interface DashboardState {
  connection: Connection;
  /** What the server said about a token that it refused. */
  refusal: string | null;
  settings: DeskLook | null;
  span: Span;
  /** Of another span than `span` until the answer is there. */
  overview: Overview | null;
  summary: Summary | null;
  /** Newest first; what went by while the page was open, and the newest before that. */
  events: readonly SeenEvent[] | null;
  /** When everything was last heard, by this machine's clock; `null` before. */
  renewedAt: number | null;
  /** Why the last try failed. */
  failure: Failure | null;
  /** Nobody looks at it: it is not renewed. */
  asleep: boolean;
}

export const renewEvery = 5_000;
const keptEvents = 2_000;
/** A server that has not answered by then is as good as away. */
const patience = 15_000;
const refusals: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'expired']);

const nothingYet: DashboardState = {
  connection: 'connecting',
  refusal: null,
  settings: null,
  span: '15m',
  overview: null,
  summary: null,
  events: null,
  renewedAt: null,
  failure: null,
  asleep: false,
};

export class DashboardStore extends Watched<DashboardState> {
  readonly #http: JsonClient;
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts rounds: the answers to an older one do not count any more. */
  #round = 0;
  #stopped = true;

  /** `now` in milliseconds since 1970. */
  constructor(http: JsonClient, now: () => number = Date.now) {
    super(nothingYet);
    this.#http = http;
    this.#now = now;
  }

  /** Begins; answers how to stop. */
  start(): () => void {
    this.#stopped = false;
    void this.#renew();
    return () => {
      this.#stopped = true;
      this.#rest();
    };
  }

  /** Whether somebody looks at the page. */
  watch(seen: boolean): void {
    if (this.#stopped || seen !== this.getSnapshot().asleep) return;
    this.#change({ asleep: !seen });
    if (seen) void this.#renew();
    else this.#rest();
  }

  /** Asks at once, instead of in a while. */
  retry(): void {
    if (!this.#stopped) void this.#renew();
  }

  choose(span: Span): void {
    if (span === this.getSnapshot().span) return;
    this.#change({ span });
    this.retry();
  }

  /** Lets go of what is idle. */
  async cleanUp(): Promise<Result<{ connections: number; sessions: number }>> {
    const done = await this.#http.postJson('dashboard/cleanup', {}, cleaned);
    this.retry();
    return done;
  }

  #rest(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  async #renew(): Promise<void> {
    this.#rest();
    const round = this.#round;
    const began = this.#now();
    const { span } = this.getSnapshot();
    /** Each is shown as it comes: one that waits for another machine does not keep the others. */
    const ask = async <T>(answer: Promise<Result<T>>, change: (value: T) => Partial<DashboardState>) => {
      const found = await answer;
      if (round === this.#round && found.ok) this.#change(change(found.value));
      return found.ok ? null : found.error;
    };
    const { reply } = requests.dashboard.events;
    const failures = await Promise.all([
      ask(this.#http.getJson(`dashboard/overview?span=${span}`, overview, patience), found => ({
        overview: found,
        settings: found.desk,
      })),
      ask(this.#http.getJson('dashboard', summary, patience), found => ({ summary: found })),
      ask(this.#http.getJson('dashboard/events', reply, patience), found => ({ events: this.#merged(found.events) })),
    ]);
    if (round !== this.#round || this.#stopped) return;
    const failure = failures.find(error => error !== null) ?? null;
    if (failure && refusals.has(failure.code)) {
      this.#stopped = true;
      return this.#change({ connection: 'refused', refusal: failure.message, failure });
    }
    this.#change(
      failure ? { connection: 'offline', failure } : { connection: 'connected', failure, renewedAt: this.#now() },
    );
    const wait = Math.max(0, renewEvery - (this.#now() - began));
    this.#timer = setTimeout(() => void this.#renew(), Math.min(wait, renewEvery));
  }

  #merged(newest: readonly SeenEvent[]): readonly SeenEvent[] {
    const before = this.getSnapshot().events ?? [];
    const known = new Set(before.map(({ id }) => id));
    // The log's lines say again what other events have said.
    const fresh = newest.filter(({ id, type }) => !known.has(id) && type !== 'activity');
    return fresh.length === 0 && before.length > 0 ? before : [...fresh, ...before].slice(0, keptEvents);
  }

  #change(part: Partial<DashboardState>): void {
    this.show({ ...this.getSnapshot(), ...part });
  }
}
