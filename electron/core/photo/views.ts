/** Who looked at which photo lately, so that leafing to and fro is one line in the log and not fifty. */
import type { Clock } from '../ports.ts';
import { minute } from '../time.ts';

export interface Views {
  /** Whether this viewer's last look at this photo is a minute ago or more; counts as a look. */
  isNew(photoId: string, who: string): boolean;
}

export function createViews(clock: Clock): Views {
  /** In the order of the first look. */
  const looks = new Map<string, number>();
  return {
    isNew(photoId, who) {
      const now = clock.now();
      for (const [look, at] of looks) {
        if (now - at < minute) break;
        looks.delete(look);
      }
      const look = `${photoId} ${who}`;
      if (looks.has(look)) return false;
      looks.set(look, now);
      return true;
    },
  };
}
