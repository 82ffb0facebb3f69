import { useMemo } from 'react';
import type { Overview } from '../../../protocol/dashboard.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { Chart, type Line } from './chart.tsx';
import styles from './charts.module.css';

/** Photos, sessions, events with messages, and failures over the span. */
export function Charts({ series }: Pick<Overview, 'series'>) {
  const { t } = useTexts();
  const from = Math.round(Date.parse(series.from) / 1_000);
  const lines = useMemo(() => {
    const of = (name: string, values: readonly number[]): Line => ({ name, values });
    return {
      photos: [of(t('dashboard.photos'), series.photos)] as const,
      sessions: [of(t('dashboard.sessions'), series.sessions)] as const,
      events: [of(t('dashboard.events'), series.events), of(t('dashboard.messages'), series.messages)] as const,
      failures: [of(t('dashboard.failures'), series.failures)] as const,
    };
  }, [series, t]);
  const place = { from, stepS: series.step_s };
  return (
    <div className={styles.charts}>
      <Chart {...place} testId="chart-photos" name={t('dashboard.photos')} lines={lines.photos} />
      <Chart {...place} testId="chart-sessions" name={t('dashboard.sessions')} lines={lines.sessions} />
      <Chart {...place} testId="chart-events" name={t('dashboard.eventsMessages')} lines={lines.events} />
      <Chart {...place} testId="chart-failures" name={t('dashboard.failures')} lines={lines.failures} tone="bad" />
    </div>
  );
}
