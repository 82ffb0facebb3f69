/** Something that changes and can be watched. A snapshot is never changed in place: another one takes its place. */
export class Watched<T> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly getSnapshot = (): T => this.#value;

  /** Answers how to stop. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  };

  protected show(value: T): void {
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher();
  }
}
