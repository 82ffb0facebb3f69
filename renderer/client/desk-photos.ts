/**
 * The photos that the desk holds: by id, and in one list a person that stays sorted, so that a new one costs a search in that
 * list and not a sort of everything. A list that something happens to becomes another array; the others stay the same.
 */
import type { Photo } from '../../protocol/photo.ts';
import { personKey, type Verdict } from './desk-state.ts';

/** How much of what is held one person on the screen may take up. */
const spared = 0.9;

const none: readonly Photo[] = [];

export class DeskPhotos {
  /** As the server has them. */
  readonly #byId = new Map<string, Photo>();
  /** As the screen shows them, newest first. */
  readonly #lists = new Map<string, readonly Photo[]>();
  readonly #verdicts = new Map<string, Verdict>();

  get size(): number {
    return this.#byId.size;
  }

  /** Newest first in each, none of them empty. */
  get lists(): ReadonlyMap<string, readonly Photo[]> {
    return this.#lists;
  }

  get(id: string): Photo | undefined {
    return this.#byId.get(id);
  }

  of(key: string): readonly Photo[] {
    return this.#lists.get(key) ?? none;
  }

  put(photo: Photo): void {
    const before = this.#byId.get(photo.id);
    this.#byId.set(photo.id, photo);
    const shown = withVerdict(photo, this.#verdicts.get(photo.id));
    if (before && personKey(before) === personKey(photo) && before.received_at === photo.received_at) {
      const list = this.of(personKey(photo));
      this.#lists.set(personKey(photo), list.with(placeOf(list, photo), shown));
      return;
    }
    if (before) this.#unlist(before);
    const list = this.of(personKey(photo));
    this.#lists.set(personKey(photo), list.toSpliced(placeOf(list, photo), 0, shown));
  }

  remove(id: string): void {
    const photo = this.#byId.get(id);
    this.#byId.delete(id);
    this.#verdicts.delete(id);
    if (photo) this.#unlist(photo);
  }

  replaceAll(photos: readonly Photo[]): void {
    this.#byId.clear();
    this.#lists.clear();
    for (const photo of photos) this.put(photo);
  }

  /** Shows a verdict that the server has not confirmed yet. */
  judge(id: string, verdict: Verdict): void {
    this.#verdicts.set(id, verdict);
    this.#showAgain(id);
  }

  /** Takes it back, unless a later one stands there. */
  unjudge(id: string, verdict: Verdict): void {
    if (this.#verdicts.get(id) !== verdict) return;
    this.#verdicts.delete(id);
    this.#showAgain(id);
  }

  /**
   * Lets the oldest go until `most` are left, first those of whoever is not on the screen; one who alone fills nearly all of
   * it is spared no longer, or nobody else's would ever be seen. Answers whose lists have become shorter, so that what was
   * let go can be fetched again.
   */
  trim(most: number, onScreen: string | null): ReadonlySet<string> {
    const shorter = new Set<string>();
    while (this.#byId.size > most) {
      const may = [...this.#lists].filter(([key, list]) => key !== onScreen || list.length > most * spared);
      const [key, list] = oldestOf(may.length > 0 ? may : [...this.#lists]);
      // A page at a time: looking for the oldest list at each new photo would cost what the lists were made to save.
      for (const photo of list.slice(-Math.min(60, this.#byId.size - most))) this.remove(photo.id);
      shorter.add(key);
    }
    return shorter;
  }

  #showAgain(id: string): void {
    const photo = this.#byId.get(id);
    if (photo) this.put(photo);
  }

  #unlist(photo: Photo): void {
    const key = personKey(photo);
    const rest = this.of(key).filter(one => one.id !== photo.id);
    if (rest.length > 0) this.#lists.set(key, rest);
    else this.#lists.delete(key);
  }
}

/** Where it is, or where it belongs. ISO dates of one form sort as text does; comparing them by language is slow. */
function placeOf(list: readonly Photo[], photo: Photo): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = list[middle];
    if (other && isNewer(other, photo)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function isNewer(a: Photo, b: Photo): boolean {
  return a.received_at === b.received_at ? a.id > b.id : a.received_at > b.received_at;
}

function oldestOf(lists: readonly [string, readonly Photo[]][]): [string, readonly Photo[]] {
  return lists.reduce((oldest, one) =>
    (one[1].at(-1)?.received_at ?? '') < (oldest[1].at(-1)?.received_at ?? '') ? one : oldest,
  );
}

function withVerdict(photo: Photo, verdict: Verdict | undefined): Photo {
  return verdict ? { ...photo, status: verdict.status, reason: verdict.reason } : photo;
}
