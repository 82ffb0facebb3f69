import { useEffect, useState } from 'preact/hooks';
import type { Watched } from '../client/watched.ts';

export function useSnapshot<T>(watched: Watched<T>): T {
  const [held, hold] = useState({ watched, value: watched.getSnapshot() });
  useEffect(() => {
    const look = () => hold({ watched, value: watched.getSnapshot() });
    look();
    return watched.subscribe(look);
  }, [watched]);
  return held.watched === watched ? held.value : watched.getSnapshot();
}
