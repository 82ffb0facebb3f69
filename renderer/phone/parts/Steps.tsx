/** @jsxImportSource preact */
import type { App, Screen } from '../app.ts';
import { useBackSteps } from '../back-steps.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';

/** Where the phone's back button leads from each screen. Draws nothing. */
export function Steps({ app, screen }: { app: App; screen: Screen }) {
  return 'visit' in screen ? (
    <StepsOfVisit app={app} screen={screen} visit={screen.visit} />
  ) : (
    <StepsBefore app={app} screen={screen} />
  );
}

function StepsBefore({ app, screen }: { app: App; screen: Screen }) {
  const isWaiting = screen.name === 'starting' || screen.name === 'pairing';
  const canReturn = screen.name === 'code' && screen.canReturn && !screen.busy;
  useBackSteps(isWaiting ? null : canReturn ? [{ name: 'code', onBack: () => app.returnToVisit() }] : []);
  return null;
}

function StepsOfVisit({ app, screen, visit }: { app: App; screen: Screen; visit: Visit }) {
  const { open } = useSnapshot(visit.chat);
  const toVisit = () => app.goToVisit(visit);
  const isLeaving = screen.name === 'leaving' && screen.busy;
  const away =
    screen.name === 'review' || screen.name === 'leaving'
      ? [{ name: screen.name, onBack: isLeaving ? null : toVisit }]
      : [];
  const chat = open && screen.name !== 'leaving' ? [{ name: 'chat', onBack: () => visit.chat.close() }] : [];
  useBackSteps([...away, ...chat]);
  return null;
}
