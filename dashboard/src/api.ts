// The answers of the API as the page reads them. Members that an older server lacks are optional.

export interface NetworkStats {
  network: string;
  total_workers: number;
  active_workers: number;
  total_jobs_processed: number;
  jobs_last_24h: number;
  avg_job_completion_time_secs: number;
  network_utilization: number;
  total_staked: string;
  current_block: number;
  total_jobs_completed?: number;
  jobs_in_progress?: number;
  total_proofs_verified?: number;
  indexed_at?: number | null;
  simulated?: boolean;
  unknown?: string[];
}

export interface Worker {
  worker_id: string;
  address: string;
  worker_address?: string;
  status: 'online' | 'idle' | 'offline' | 'unknown';
  gpu_count: number;
  reputation: number;
  jobs_completed: number;
  stake_tier: string;
  staked_amount?: string;
  last_heartbeat?: number | null;
  gpu_utilization?: number | null;
  unknown?: string[];
}

export interface Job {
  job_id: string;
  job_type: string;
  status: string;
  submitted_at: number;
  completed_at: number | null;
  duration_secs: number | null;
  reward: string | null;
  client_address: string;
  worker_address?: string | null;
  unknown?: string[];
}

/** An answer, or why there is none. */
export type Answer<T> = { data: T; error?: undefined } | { data?: T; error: string };

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  if (!response.ok) {
    const body = (await response.json().catch(() => ({}))) as { error?: string };
    throw new Error(body.error ?? `the server answered ${response.status}`);
  }
  return (await response.json()) as T;
}

export const networkStats = () => get<NetworkStats>('/api/network/stats');
export const workers = () => get<{ workers: Worker[]; total?: number }>('/api/network/workers');
export const recentJobs = () => get<{ jobs: Job[]; total_count: number }>('/api/jobs/recent?limit=20');
