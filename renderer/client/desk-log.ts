/**
 * The desk's log: the newest lines, which keep up with the server, and what was read back of the older ones. Both are
 * bounded: whoever reads far back loses sight of the newest until they go back to them.
 */
import type { Activity, ActivityKind } from '../../protocol/activity.ts';
import type { Input } from '../../protocol/requests.ts';
import { failed, type Load, loading, ready } from './load.ts';
import type { MostradorClient } from './types.ts';

/** How many lines stay in memory, of the newest and of the older ones each; come at once; and are looked through at one time. */
export const logLimits = { lines: 5000, log: 200, searched: 10_000 } as const;
/** About as many as are in sight: with so many new ones reading on can wait. */
const enough = 40;
/** Between two pages, in milliseconds: reading back must not use up what the connection may ask in a second. */
const pause = 20;

export interface Log {
  load: Load;
  /** The newest, oldest first. */
  lines: readonly Activity[];
  older: {
    /** Oldest first; those that were wanted, and what the newest had no room for any more. */
    lines: readonly Activity[];
    load: Load;
    /** Whether the log goes back farther. */
    more: boolean;
    /** Lines between these and the newest were let go. */
    apart: boolean;
  };
}

const nothingRead = { lines: [], load: ready, more: false, apart: false };
export const emptyLog: Log = { load: loading, lines: [], older: nothingRead };

export class DeskLog {
  readonly #client: MostradorClient;
  readonly #show: (log: Log) => void;
  #log = emptyLog;
  /** Whether there are lines before the newest ones. */
  #reachesBack = false;
  /** The oldest line that was looked at; `null` before anything was read back. */
  #readTo: string | null = null;
  /** Counts what is asked for, so that nothing comes of an answer to a question that is over. */
  #asked = 0;

  constructor(client: MostradorClient, show: (log: Log) => void) {
    this.#client = client;
    this.#show = show;
  }

  /** The newest lines, or after a break those that were missed. */
  async load(): Promise<void> {
    const last = this.#log.lines.at(-1);
    if (!last) this.#set({ load: loading });
    try {
      // Joined first: a line written between the two comes twice and is merged, instead of not at all.
      await this.#client.send('rooms', 'join', { room: 'activity' });
      // After a break they come oldest first: one page would leave a hole before the live lines that nobody fills later.
      for (let newest = last; ; ) {
        const after = newest ? { after: newest.id } : {};
        const { activity } = await this.#client.send('activity', 'list', { ...after, limit: logLimits.log });
        if (!newest && activity.length === logLimits.log) this.#goesBack();
        this.add(activity);
        if (!newest || activity.length < logLimits.log) return;
        newest = activity.at(-1);
      }
    } catch (error) {
      this.#set({ load: failed(error) });
    }
  }

  add(lines: readonly Activity[]): void {
    const all = mergeLines(this.#log.lines, lines);
    const past = all.slice(0, -logLimits.lines);
    if (past.length > 0) this.#goesBack();
    this.#set({ load: ready, lines: all.slice(-logLimits.lines) });
    if (this.#readTo !== null && !this.#log.older.apart) this.#setOlder({ lines: [...this.#log.older.lines, ...past] });
  }

  /**
   * Reads on, back from what is known: lines of those kinds (none: of all) that are `wanted`. Ends with about a screenful of
   * them, or after `logLimits.searched` lines; asked again it goes on from there.
   */
  async readOlder(kinds: readonly ActivityKind[], wanted: (line: Activity) => boolean): Promise<void> {
    const { lines, older } = this.#log;
    const from = this.#readTo ?? lines[0]?.id;
    if (from === undefined || !older.more || older.load.status === 'loading') return;
    this.#asked += 1;
    const asked = this.#asked;
    this.#setOlder({ load: loading });
    const found: Activity[] = [];
    let before: string = from;
    let more = true;
    try {
      for (let left: number = logLimits.searched; more && left > 0 && found.length < enough; left -= logLimits.log) {
        if (before !== from) await new Promise(resolve => setTimeout(resolve, pause));
        const activity = await this.#before(before, kinds);
        if (asked !== this.#asked) return;
        found.unshift(...activity.filter(wanted));
        more = activity.length === logLimits.log;
        before = activity[0]?.id ?? before;
      }
      this.#found(found, before, { load: ready, more });
    } catch (error) {
      // What came before it broke stays: asked again, it goes on from there.
      if (asked === this.#asked) this.#found(found, before, { load: failed(error) });
    }
  }

  #found(lines: readonly Activity[], readTo: string, change: Partial<Log['older']>): void {
    this.#readTo = readTo;
    this.#setOlder({ ...change, lines: [...lines, ...this.#log.older.lines] });
  }

  /** Lets go of what was read back. */
  readLatest(): void {
    this.#asked += 1;
    this.#readTo = null;
    this.#set({ older: { ...nothingRead, more: this.#reachesBack } });
  }

  /** Somebody was deleted: what is here may name them. */
  forget(): void {
    this.#reachesBack = false;
    this.#set({ load: loading, lines: [] });
    this.readLatest();
  }

  async #before(before: string, kinds: readonly ActivityKind[]): Promise<Activity[]> {
    const page: Input<'activity', 'list'> = { before, limit: logLimits.log, kinds: [...kinds] };
    return (await this.#client.send('activity', 'list', page)).activity;
  }

  #goesBack(): void {
    this.#reachesBack = true;
    if (this.#readTo === null) this.#setOlder({ more: true });
  }

  /** Of too many the newest go: one is reading back. */
  #setOlder(change: Partial<Log['older']>): void {
    const older = { ...this.#log.older, ...change };
    if (older.lines.length > logLimits.lines) {
      older.lines = older.lines.slice(0, logLimits.lines);
      older.apart = true;
    }
    this.#set({ older });
  }

  #set(change: Partial<Log>): void {
    this.#log = { ...this.#log, ...change };
    this.#show(this.#log);
  }
}

/** Oldest first, each once. Ids are numbers in text, in the order of writing. */
function mergeLines(known: readonly Activity[], added: readonly Activity[]): readonly Activity[] {
  const last = known.at(-1);
  const inOrder = !last || added.every((line, i) => Number(line.id) > Number((i ? added[i - 1] : last)?.id));
  return inOrder
    ? [...known, ...added]
    : [...new Map([...known, ...added].map(line => [line.id, line])).values()].sort(
        (a, b) => Number(a.id) - Number(b.id),
      );
}
