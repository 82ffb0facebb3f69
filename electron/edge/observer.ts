/** Watches what goes by for the dashboard: the newest events, how many a minute, how long connections last. */
import type { Client, SeenEvent } from '../../protocol/dashboard.ts';
import { isOpen } from '../core/rooms/rooms.ts';
import { minute } from '../core/time.ts';
import type { Connections } from './connections.ts';

const kept = 200;

export function observe(connections: Connections, now: () => number) {
  const newest: SeenEvent[] = [];
  /** When each event of the last minute went by, oldest first, in whole seconds with their counts. */
  const seconds = new Map<number, number>();
  let total = 0;

  const stop = connections.listen(event => {
    const at = now();
    total += 1;
    const second = Math.floor(at / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
    for (const past of seconds.keys()) if ((second - past) * 1_000 >= minute) seconds.delete(past);
    const { id, seq, rooms } = event;
    const seen = { id, seq, rooms: rooms.filter(isOpen), at: new Date(at).toISOString() };
    const { type } = event;
    newest.unshift(
      event.type === 'published'
        ? { ...seen, type: event.data.type, from: event.data.from, data: event.data.data }
        : { ...seen, type },
    );
    if (newest.length > kept) newest.pop();
  });

  return {
    stop,
    events: () => newest,
    counts() {
      const second = Math.floor(now() / 1_000);
      const recent = [...seconds].filter(([past]) => (second - past) * 1_000 < minute);
      return { total, lastMinute: recent.reduce((sum, [, many]) => sum + many, 0) };
    },
    clients(): Client[] {
      return connections.list().map(({ about, rooms }) => ({
        id: about.id,
        user_id: about.userId,
        role: about.role,
        address: about.address,
        protocol: about.protocol,
        connected_s: Math.floor((performance.now() - about.since) / 1_000),
        rooms: [...rooms].filter(isOpen),
      }));
    },
    past() {
      const { count, ms } = connections.past();
      return { count, seconds: ms / 1_000 };
    },
  };
}
