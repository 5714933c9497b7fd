import { useEffect, useState } from 'react';
import { Clock, ClockContext } from './clock';
import { Network } from './network';
import { useStore } from './store';
import { Contracts } from './ui/Contracts';
import { FeedPanel } from './ui/FeedPanel';
import { Header } from './ui/Header';
import { Jobs } from './ui/Jobs';
import { Numbers } from './ui/Numbers';
import { StateLine } from './ui/StateLine';
import { Workers } from './ui/Workers';

/** The whole page: it starts with the network it is given, and stops with it. */
export function App({ network }: { network: Network }) {
  const [clock] = useState(() => new Clock(() => network.now()));
  useEffect(() => {
    network.start();
    return () => {
      network.stop();
    };
  }, [network]);

  const stats = useStore(network.stats);
  const workers = useStore(network.workers);
  const jobs = useStore(network.jobs);
  const contracts = useStore(network.contracts);
  const health = useStore(network.health);
  const link = useStore(network.socket);
  const retry = () => {
    network.retry();
  };
  // What stands below the workers appears when their number is known, and so does not move.
  const settled = workers.data !== null || workers.failure !== null;

  return (
    <ClockContext value={clock}>
      <Header stats={stats} link={link} />
      <main className={settled ? undefined : 'settling'}>
        <StateLine stats={stats} health={health} link={link} />
        <Numbers state={stats} />
        <div className="columns">
          <div className="tables">
            <Workers state={workers} onRetry={retry} />
            <Jobs state={jobs} onRetry={retry} />
          </div>
          <FeedPanel feed={network.feed} link={link} explorer={contracts.data?.explorer ?? null} />
        </div>
        <Contracts state={contracts} onRetry={retry} />
      </main>
      <footer>
        <p>
          A dash is a value that is not known; point at it for the reason.{' '}
          {health.data?.version != null && `Server version ${health.data.version}. `}
        </p>
        <nav aria-label="For programs and operators">
          <a href="/health">health</a>
          <a href="/metrics">metrics</a>
          <a href="/api/network/stats">these numbers as JSON</a>
        </nav>
      </footer>
    </ClockContext>
  );
}
