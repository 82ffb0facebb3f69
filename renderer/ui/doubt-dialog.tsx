import type { PersonFound } from '../../protocol/people.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { photosIn } from './photos-in.ts';
import { useTexts } from './texts/use-texts.tsx';

/** What was typed may be somebody whom the server knows. */
export interface Doubt {
  typed: string;
  known: PersonFound;
  /** The idPersona that is meant; `null`: nothing is done. The first answer counts. */
  answer: (idPersona: string | null) => void;
}

/** Asks whether it is the same person, by that very idPersona or by one in other letters, upper or lower case. */
export function DoubtDialog({ doubt, onClose }: { doubt: Doubt | null; onClose: () => void }) {
  const { t } = useTexts();
  const isVariant = doubt !== null && doubt.known.idPersona !== doubt.typed;
  const about = doubt && { typed: doubt.typed, idPersona: doubt.known.idPersona, count: photosIn(doubt.known) };
  return (
    <ConfirmDialog
      about={doubt}
      title={t('session.doubtTitle')}
      text={about ? t(isVariant ? 'session.doubtVariant' : 'session.doubtSame', about) : ''}
      action={about ? t(isVariant ? 'session.doubtUse' : 'session.doubtYes', about) : ''}
      harmless
      other={isVariant ? { label: t('session.doubtOther'), onChoose: ({ typed, answer }) => answer(typed) } : undefined}
      onConfirm={({ known, answer }) => answer(known.idPersona)}
      onClose={onClose}
    />
  );
}
