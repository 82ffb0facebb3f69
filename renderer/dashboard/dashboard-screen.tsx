import { SegmentedControl } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, useSyncExternalStore } from 'react';
import type { Span } from '../../protocol/dashboard.ts';
import type { PageFacts } from '../../protocol/page-facts.ts';
import type { DashboardStore } from '../client/dashboard-store.ts';
import { Charts } from '../ui/dashboard/charts.tsx';
import { CleanUp } from '../ui/dashboard/clean-up.tsx';
import { ClientsTable } from '../ui/dashboard/clients-table.tsx';
import { DashboardHeader } from '../ui/dashboard/dashboard-header.tsx';
import { EventLog } from '../ui/dashboard/event-log.tsx';
import { Funnel } from '../ui/dashboard/funnel.tsx';
import { Panel } from '../ui/dashboard/panel.tsx';
import { RoomsTable } from '../ui/dashboard/rooms-table.tsx';
import { ServerState } from '../ui/dashboard/server-state.tsx';
import { Tiles } from '../ui/dashboard/tiles.tsx';
import { type Notice, Notices } from '../ui/notices.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import styles from './dashboard-screen.module.css';
import { Stale } from './stale.tsx';

interface Props {
  facts: PageFacts;
  store: DashboardStore;
}

const spans: readonly Span[] = ['15m', '24h', '7d'];

export function DashboardScreen({ facts, store }: Props) {
  const { t } = useTexts();
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const [told, setTold] = useState<Notice | null>(null);
  const { overview, summary, events, failure } = state;
  const retry = { label: t('app.retry'), onClick: () => store.retry() };
  const nothing = failure ? (
    <StateMessage
      icon={IconAlertTriangle}
      tone="bad"
      title={t('dashboard.failed')}
      text={failure.message}
      action={retry}
    />
  ) : (
    <StateMessage title={t('dashboard.loading')} />
  );
  return (
    <div className={styles.screen}>
      <DashboardHeader desk={facts.desk} connection={state.connection} renewedAt={state.renewedAt} />
      {failure && overview && <Stale renewedAt={state.renewedAt} why={failure.message} onRetry={() => store.retry()} />}
      <main id="figures" className={styles.main} tabIndex={-1}>
        {overview ? <Tiles today={overview.today} live={overview.live} disk={overview.disk} /> : nothing}
        {overview && (
          <section className={styles.over} aria-label={t('dashboard.charts')}>
            <div className={styles.span}>
              <h2>{t('dashboard.charts')}</h2>
              <SegmentedControl<Span>
                aria-label={t('dashboard.span')}
                value={state.span}
                onChange={span => store.choose(span)}
                data={spans.map(value => ({ value, label: t(`dashboard.span${value}`) }))}
              />
            </div>
            {/* Another span's figures stay, dimmed, until these are there. */}
            <div
              className={styles.figures}
              data-waiting={overview.span !== state.span}
              aria-busy={overview.span !== state.span}
              data-span={overview.span}
              data-testid="figures"
            >
              <Charts series={overview.series} />
              <Panel title={t('dashboard.funnel')} note={t('dashboard.funnelNote')}>
                <Funnel funnel={overview.funnel} />
              </Panel>
            </div>
          </section>
        )}
        {summary && (
          <div className={styles.tables}>
            <Panel title={t('dashboard.clients')} note={String(summary.stats.clients)}>
              <ClientsTable clients={summary.clients} />
            </Panel>
            <Panel title={t('dashboard.rooms')} note={String(summary.rooms.length)}>
              <RoomsTable rooms={summary.rooms} />
            </Panel>
          </div>
        )}
        {summary && (
          <div className={styles.below}>
            <EventLog events={events ?? []} perMinute={summary.stats.events_per_minute} />
            <Panel
              title={t('dashboard.state')}
              tools={
                <CleanUp
                  onCleanUp={() => store.cleanUp()}
                  onDone={(tone, text) => setTold({ id: Date.now(), tone, text })}
                />
              }
            >
              <ServerState summary={summary} mysql={overview?.mysql ?? null} version={facts.version} />
              <Notices notices={told ? [told] : []} onDismiss={() => setTold(null)} />
            </Panel>
          </div>
        )}
      </main>
    </div>
  );
}
