import type { DeskState } from '../client/desk-state.ts';
import { personKey } from '../client/desk-state.ts';
import { useTexts } from '../ui/texts/use-texts.tsx';
import type { Announcer } from './use-announcer.ts';
import { useNews } from './use-news.ts';

/** Says aloud what has come, by the name that may be named at that moment. */
export function useAnnouncements(
  { say }: Announcer,
  { arrived }: DeskState,
  named: (key: string, idPersona: string | null) => string,
): void {
  const { t } = useTexts();
  useNews(arrived?.id ?? null, true, () => {
    if (arrived) say(t('photos.arrived', { person: named(personKey(arrived), arrived.idPersona) }));
  });
}
