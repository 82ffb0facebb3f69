import type { DeskStore } from '../client/desk-store.ts';
import type { HttpClient } from '../client/index.ts';
import { EraseDialog } from '../ui/erase-dialog.tsx';
import { ExportDialog } from '../ui/export-dialog.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import { saveBlob } from './save-blob.ts';
import type { Notices } from './use-notices.ts';

export interface Asked {
  what: 'export' | 'erase';
  idPersona: string;
}

interface Props {
  asked: Asked;
  store: DeskStore;
  http: HttpClient;
  notices: Notices;
  onClose: () => void;
}

/** Everything of one person, kept elsewhere or gone. Stays open when the person's tab goes. */
export function PersonDialogs({ asked, store, http, notices, onClose }: Props) {
  const { t } = useTexts();
  const { idPersona } = asked;
  const { tell, attempt } = notices;

  if (asked.what === 'export') {
    const save = async (onReceived: (received: number, expected: number | null) => void, signal: AbortSignal) => {
      const zip = await http.exportPerson(idPersona, { onReceived, signal });
      if (zip.ok) {
        saveBlob(document, zip.value, exportName(idPersona, new Date()));
        tell('good', t('people.exported'));
      } else if (!signal.aborted) tell('bad', t('notice.failed', { why: t(`errors.${zip.error.code}`) }));
    };
    return <ExportDialog person={idPersona} onExport={save} onClose={onClose} />;
  }

  const erase = async () => {
    const work = store.deletePerson(idPersona);
    if (!(await attempt(work))) return;
    const { ref, complete } = await work;
    tell('good', t(complete ? 'people.erased' : 'people.erasedLater', { ref }));
  };
  const hasPhone = store.liveSessionOf(idPersona)?.status === 'authenticated';
  return <EraseDialog person={idPersona} hasPhone={hasPhone} onErase={erase} onClose={onClose} />;
}

/** `mostrador-DNI-1-2026-03-02.zip` */
function exportName(idPersona: string, now: Date): string {
  const who = idPersona.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  const day = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return `mostrador-${who}-${day}.zip`;
}
