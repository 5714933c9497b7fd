// Checkpoint's side of the comparison: one row for each claim of the faucet, and one running total for each account. The settings
// are those that make it fastest: no block is fetched that events were preloaded of, nothing is logged, and events are read raw.
import { readFileSync } from 'node:fs';
import checkpointPackage from '@snapshot-labs/checkpoint';

const { default: Checkpoint, LogLevel, Model, starknet } = checkpointPackage;
const { NODE_URL, DATABASE_URL, FAUCET, FIRST_BLOCK, FRESH } = process.env;

class Claim extends Model {
  constructor(id, indexer) {
    super('claims', indexer);
    this.initialSet('id', id);
  }
}

class Account extends Model {
  constructor(id, indexer) {
    super('accounts', indexer);
    this.initialSet('id', id);
    this.initialSet('claims', 0);
    this.initialSet('claimed', '0');
  }

  static async load(id, indexer) {
    const row = await super._loadEntity('accounts', id, indexer);
    if (!row) return null;
    const account = new Account(id, indexer);
    account.setExists();
    for (const [column, value] of Object.entries(row)) account.initialSet(column, value);
    return account;
  }
}

const indexer = 'faucet';

async function onClaimed({ txId, rawEvent }) {
  const user = rawEvent.keys[1];
  const [low, high, number] = rawEvent.data.map(BigInt);
  const amount = low + (high << 128n);
  const claim = new Claim(`${user}/${number}`, indexer);
  claim.set('tx_hash', txId);
  claim.set('account', user);
  claim.set('amount', amount.toString());
  await claim.save();
  const account = (await Account.load(user, indexer)) ?? new Account(user, indexer);
  account.set('claims', account.get('claims') + 1);
  account.set('claimed', (BigInt(account.get('claimed')) + amount).toString());
  await account.save();
}

const checkpoint = new Checkpoint(readFileSync(new URL('schema.gql', import.meta.url), 'utf8'), {
  dbConnection: DATABASE_URL,
  logLevel: LogLevel.Fatal,
  skipBlockFetching: true,
  overridesConfig: { decimal_types: { Wei: { p: 78, d: 0 } } },
});
checkpoint.addIndexer(
  indexer,
  {
    network_node_url: NODE_URL,
    fetch_interval: 100,
    sources: [{ contract: FAUCET, start: Number(FIRST_BLOCK), events: [{ name: 'TokensClaimed', fn: 'onClaimed' }] }],
  },
  new starknet.StarknetIndexer({ onClaimed }),
);
if (FRESH) await checkpoint.reset();
await checkpoint.start();
