import { Button, Progress } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { fileSize } from './format.ts';
import { LongDialog } from './long-dialog.tsx';
import styles from './person-dialog.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  person: string;
  /** Resolves when it is saved, cancelled or has failed (and that was told). */
  onExport: (onReceived: (received: number, expected: number | null) => void, signal: AbortSignal) => Promise<void>;
  onClose: () => void;
}

type Run = { received: number; expected: number | null };

/** Says what an export holds, then how far it has come. One that has begun goes on where a code that is read closes this; who cancels ends it. */
export function ExportDialog({ person, onExport, onClose }: Props) {
  const { t, i18n } = useTexts();
  const [run, setRun] = useState<Run | null>(null);
  const stop = useRef(new AbortController());

  const start = async () => {
    setRun({ received: 0, expected: null });
    await onExport((received, expected) => setRun({ received, expected }), stop.current.signal);
    onClose();
  };
  const cancel = () => {
    stop.current.abort();
    onClose();
  };
  const percent = run?.expected ? Math.min(99, Math.round((run.received / run.expected) * 100)) : null;
  const size = fileSize(run?.received ?? 0, i18n.language);
  return (
    <LongDialog
      opened
      onClose={cancel}
      title={t('people.exportTitle', { person })}
      centered
      closeOnClickOutside={run === null}
    >
      <p className={styles.text}>{t('people.exportText')}</p>
      <ul className={styles.list}>
        {(['exportPhotos', 'exportChat', 'exportLog', 'exportManifest'] as const).map(key => (
          <li key={key}>{t(`people.${key}`)}</li>
        ))}
      </ul>
      <p className={styles.dim}>{t('people.exportNote')}</p>
      {run && (
        <div className={styles.progress}>
          <Progress.Root size="lg">
            <Progress.Section
              value={percent ?? 100}
              animated={percent === null}
              aria-label={t('people.exporting')}
              data-testid="export-progress"
            />
          </Progress.Root>
          <p className={styles.dim}>
            {t('people.exporting')} {percent === null ? size : `${percent} % · ${size}`}
          </p>
        </div>
      )}
      <div className={styles.actions}>
        <Button variant="default" onClick={cancel} data-autofocus data-testid="export-cancel">
          {t('app.cancel')}
        </Button>
        <Button
          leftSection={<IconDownload size={18} aria-hidden />}
          loading={run !== null}
          onClick={() => void start()}
          data-testid="export-start"
        >
          {t('people.exportDo')}
        </Button>
      </div>
    </LongDialog>
  );
}
