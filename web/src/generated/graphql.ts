/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type AccountFieldsFragment = {
  id: string;
  title: string;
  state: string;
  stateReason: string;
  killed: boolean;
  cash: number;
  reserved: number;
  equity: number;
  dayBase: number;
  peak: number;
  realised: number;
  fees: number;
  profile: unknown;
  positions: Array<{
    market: string;
    title: string;
    venue: string;
    outcome: string;
    size: number;
    cost: number;
    mark: number | null;
    value: number;
  }>;
  limits: Array<{ rule: string; limit: number; use: number; headroom: number; unit: string; at: string }>;
};

export type AccountsQueryVariables = Exact<{ [key: string]: never }>;

export type AccountsQuery = {
  accounts: Array<{
    id: string;
    title: string;
    state: string;
    stateReason: string;
    killed: boolean;
    cash: number;
    reserved: number;
    equity: number;
    dayBase: number;
    peak: number;
    realised: number;
    fees: number;
    profile: unknown;
    positions: Array<{
      market: string;
      title: string;
      venue: string;
      outcome: string;
      size: number;
      cost: number;
      mark: number | null;
      value: number;
    }>;
    limits: Array<{ rule: string; limit: number; use: number; headroom: number; unit: string; at: string }>;
  }>;
};

export type AccountsFeedSubscriptionVariables = Exact<{ [key: string]: never }>;

export type AccountsFeedSubscription = {
  accounts: Array<{
    id: string;
    title: string;
    state: string;
    stateReason: string;
    killed: boolean;
    cash: number;
    reserved: number;
    equity: number;
    dayBase: number;
    peak: number;
    realised: number;
    fees: number;
    profile: unknown;
    positions: Array<{
      market: string;
      title: string;
      venue: string;
      outcome: string;
      size: number;
      cost: number;
      mark: number | null;
      value: number;
    }>;
    limits: Array<{ rule: string; limit: number; use: number; headroom: number; unit: string; at: string }>;
  }>;
};

export type EquityQueryVariables = Exact<{
  account: string | number;
  from?: number | null | undefined;
  points?: number | null | undefined;
}>;

export type EquityQuery = { equity: Array<{ at: number; equity: number }> };

export type SaveRiskProfileMutationVariables = Exact<{
  account: string | number;
  limits: unknown;
}>;

export type SaveRiskProfileMutation = {
  saveRiskProfile: { seq: number } | { message: string; fields: Array<{ path: string; message: string }> };
};

export type SetKillSwitchMutationVariables = Exact<{
  on: boolean;
  account?: string | number | null | undefined;
  reason: string;
}>;

export type SetKillSwitchMutation = {
  setKillSwitch: { seq: number } | { message: string; fields: Array<{ path: string; message: string }> };
};

export type ResetHaltMutationVariables = Exact<{
  account: string | number;
}>;

export type ResetHaltMutation = {
  resetHalt: { seq: number } | { message: string; fields: Array<{ path: string; message: string }> };
};

export type HealthFieldsFragment = {
  at: number;
  database: string;
  layout: string;
  queueBackend: string;
  demo: boolean;
  lanes: Array<{
    lane: number;
    owner: string | null;
    epoch: number;
    state: string;
    seq: number;
    at: number | null;
    headSeq: number;
    commitLagMs: number;
    recording: boolean;
    eventsPerS: number;
    rowsPerS: number;
    decisionP50Us: number | null;
    decisionP99Us: number | null;
    problem: string | null;
  }>;
  feeds: Array<{
    venue: string;
    how: string;
    sentence: string;
    state: string;
    connections: number;
    markets: number;
    trusted: number;
    frames: number;
    framesPerS: number;
    events: number;
    unknown: number;
    rejected: number;
    gaps: number;
    resyncs: number;
    lastFrameAt: number | null;
    lagMs: number | null;
    problem: string | null;
  }>;
  queues: Array<{ name: string; waiting: number; active: number; delayed: number; failed: number; completed: number }>;
  storage: Array<{ name: string; rows: number; bytes: number }>;
};

export type HealthQueryVariables = Exact<{ [key: string]: never }>;

export type HealthQuery = {
  health: {
    at: number;
    database: string;
    layout: string;
    queueBackend: string;
    demo: boolean;
    lanes: Array<{
      lane: number;
      owner: string | null;
      epoch: number;
      state: string;
      seq: number;
      at: number | null;
      headSeq: number;
      commitLagMs: number;
      recording: boolean;
      eventsPerS: number;
      rowsPerS: number;
      decisionP50Us: number | null;
      decisionP99Us: number | null;
      problem: string | null;
    }>;
    feeds: Array<{
      venue: string;
      how: string;
      sentence: string;
      state: string;
      connections: number;
      markets: number;
      trusted: number;
      frames: number;
      framesPerS: number;
      events: number;
      unknown: number;
      rejected: number;
      gaps: number;
      resyncs: number;
      lastFrameAt: number | null;
      lagMs: number | null;
      problem: string | null;
    }>;
    queues: Array<{
      name: string;
      waiting: number;
      active: number;
      delayed: number;
      failed: number;
      completed: number;
    }>;
    storage: Array<{ name: string; rows: number; bytes: number }>;
  };
};

export type HealthFeedSubscriptionVariables = Exact<{ [key: string]: never }>;

export type HealthFeedSubscription = {
  health: {
    at: number;
    database: string;
    layout: string;
    queueBackend: string;
    demo: boolean;
    lanes: Array<{
      lane: number;
      owner: string | null;
      epoch: number;
      state: string;
      seq: number;
      at: number | null;
      headSeq: number;
      commitLagMs: number;
      recording: boolean;
      eventsPerS: number;
      rowsPerS: number;
      decisionP50Us: number | null;
      decisionP99Us: number | null;
      problem: string | null;
    }>;
    feeds: Array<{
      venue: string;
      how: string;
      sentence: string;
      state: string;
      connections: number;
      markets: number;
      trusted: number;
      frames: number;
      framesPerS: number;
      events: number;
      unknown: number;
      rejected: number;
      gaps: number;
      resyncs: number;
      lastFrameAt: number | null;
      lagMs: number | null;
      problem: string | null;
    }>;
    queues: Array<{
      name: string;
      waiting: number;
      active: number;
      delayed: number;
      failed: number;
      completed: number;
    }>;
    storage: Array<{ name: string; rows: number; bytes: number }>;
  };
};

export type RunsQueryVariables = Exact<{
  first?: number | null | undefined;
}>;

export type RunsQuery = {
  runs: Array<{
    id: string;
    kind: string;
    title: string;
    state: string;
    startedAt: number;
    endedAt: number | null;
    progress: number | null;
    note: string;
  }>;
};

export type JournalFieldsFragment = {
  id: string;
  lane: number;
  seq: number;
  ordinal: number;
  at: number;
  kind: string;
  workflow: string;
  account: string;
  session: string;
  summary: string;
  body: unknown;
};

export type JournalQueryVariables = Exact<{
  kinds?: Array<string> | string | null | undefined;
  workflow?: string | number | null | undefined;
  market?: string | number | null | undefined;
  account?: string | number | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type JournalQuery = {
  journal: {
    endCursor: string | null;
    hasNextPage: boolean;
    items: Array<{
      id: string;
      lane: number;
      seq: number;
      ordinal: number;
      at: number;
      kind: string;
      workflow: string;
      account: string;
      session: string;
      summary: string;
      body: unknown;
    }>;
  };
};

export type JournalFeedSubscriptionVariables = Exact<{
  kinds?: Array<string> | string | null | undefined;
}>;

export type JournalFeedSubscription = {
  journal: Array<{
    id: string;
    lane: number;
    seq: number;
    ordinal: number;
    at: number;
    kind: string;
    workflow: string;
    account: string;
    session: string;
    summary: string;
    body: unknown;
  }>;
};

export type TraceQueryVariables = Exact<{
  signalId: string | number;
}>;

export type TraceQuery = {
  trace: {
    signalId: string;
    entries: Array<{
      id: string;
      lane: number;
      seq: number;
      ordinal: number;
      at: number;
      kind: string;
      workflow: string;
      account: string;
      session: string;
      summary: string;
      body: unknown;
    }>;
    causes: Array<{ seq: number; at: number; kind: string; summary: string; body: unknown }>;
  } | null;
};

export type QuoteFieldsFragment = {
  market: string;
  at: number;
  seq: number;
  bid: number | null;
  ask: number | null;
  bidSize: number | null;
  askSize: number | null;
  mid: number | null;
  trusted: boolean;
};

export type MarketRowFragment = {
  id: string;
  venue: string;
  native: string;
  title: string;
  category: string;
  status: string;
  closesAt: number | null;
  trusted: boolean;
  trustReason: string;
  freshAt: number | null;
  quote: {
    market: string;
    at: number;
    seq: number;
    bid: number | null;
    ask: number | null;
    bidSize: number | null;
    askSize: number | null;
    mid: number | null;
    trusted: boolean;
  } | null;
};

export type LinkRowFragment = {
  id: string;
  polarity: string;
  state: string;
  mismatch: number | null;
  differences: Array<string>;
  reviewedBy: string | null;
  a: {
    id: string;
    venue: string;
    native: string;
    title: string;
    category: string;
    status: string;
    closesAt: number | null;
    trusted: boolean;
    trustReason: string;
    freshAt: number | null;
    quote: {
      market: string;
      at: number;
      seq: number;
      bid: number | null;
      ask: number | null;
      bidSize: number | null;
      askSize: number | null;
      mid: number | null;
      trusted: boolean;
    } | null;
  };
  b: {
    id: string;
    venue: string;
    native: string;
    title: string;
    category: string;
    status: string;
    closesAt: number | null;
    trusted: boolean;
    trustReason: string;
    freshAt: number | null;
    quote: {
      market: string;
      at: number;
      seq: number;
      bid: number | null;
      ask: number | null;
      bidSize: number | null;
      askSize: number | null;
      mid: number | null;
      trusted: boolean;
    } | null;
  };
};

export type LinksQueryVariables = Exact<{ [key: string]: never }>;

export type LinksQuery = {
  links: Array<{
    id: string;
    polarity: string;
    state: string;
    mismatch: number | null;
    differences: Array<string>;
    reviewedBy: string | null;
    a: {
      id: string;
      venue: string;
      native: string;
      title: string;
      category: string;
      status: string;
      closesAt: number | null;
      trusted: boolean;
      trustReason: string;
      freshAt: number | null;
      quote: {
        market: string;
        at: number;
        seq: number;
        bid: number | null;
        ask: number | null;
        bidSize: number | null;
        askSize: number | null;
        mid: number | null;
        trusted: boolean;
      } | null;
    };
    b: {
      id: string;
      venue: string;
      native: string;
      title: string;
      category: string;
      status: string;
      closesAt: number | null;
      trusted: boolean;
      trustReason: string;
      freshAt: number | null;
      quote: {
        market: string;
        at: number;
        seq: number;
        bid: number | null;
        ask: number | null;
        bidSize: number | null;
        askSize: number | null;
        mid: number | null;
        trusted: boolean;
      } | null;
    };
  }>;
};

export type MarketsQueryVariables = Exact<{
  text?: string | null | undefined;
  venue?: string | null | undefined;
  linkedOnly?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type MarketsQuery = {
  markets: {
    total: number;
    endCursor: string | null;
    hasNextPage: boolean;
    items: Array<{
      id: string;
      venue: string;
      native: string;
      title: string;
      category: string;
      status: string;
      closesAt: number | null;
      trusted: boolean;
      trustReason: string;
      freshAt: number | null;
      links: Array<{
        id: string;
        polarity: string;
        a: { id: string; venue: string; title: string };
        b: { id: string; venue: string; title: string };
      }>;
      quote: {
        market: string;
        at: number;
        seq: number;
        bid: number | null;
        ask: number | null;
        bidSize: number | null;
        askSize: number | null;
        mid: number | null;
        trusted: boolean;
      } | null;
    }>;
  };
};

export type MarketSideFragment = {
  group: string | null;
  rules: string;
  paysAt: number | null;
  minSize: number;
  id: string;
  venue: string;
  native: string;
  title: string;
  category: string;
  status: string;
  closesAt: number | null;
  trusted: boolean;
  trustReason: string;
  freshAt: number | null;
  fees: { known: boolean; text: string };
  quote: {
    market: string;
    at: number;
    seq: number;
    bid: number | null;
    ask: number | null;
    bidSize: number | null;
    askSize: number | null;
    mid: number | null;
    trusted: boolean;
  } | null;
};

export type MarketQueryVariables = Exact<{
  id: string | number;
}>;

export type MarketQuery = {
  market: {
    group: string | null;
    rules: string;
    paysAt: number | null;
    minSize: number;
    id: string;
    venue: string;
    native: string;
    title: string;
    category: string;
    status: string;
    closesAt: number | null;
    trusted: boolean;
    trustReason: string;
    freshAt: number | null;
    links: Array<{
      id: string;
      polarity: string;
      state: string;
      mismatch: number | null;
      differences: Array<string>;
      reviewedBy: string | null;
      a: {
        group: string | null;
        rules: string;
        paysAt: number | null;
        minSize: number;
        id: string;
        venue: string;
        native: string;
        title: string;
        category: string;
        status: string;
        closesAt: number | null;
        trusted: boolean;
        trustReason: string;
        freshAt: number | null;
        fees: { known: boolean; text: string };
        quote: {
          market: string;
          at: number;
          seq: number;
          bid: number | null;
          ask: number | null;
          bidSize: number | null;
          askSize: number | null;
          mid: number | null;
          trusted: boolean;
        } | null;
      };
      b: {
        group: string | null;
        rules: string;
        paysAt: number | null;
        minSize: number;
        id: string;
        venue: string;
        native: string;
        title: string;
        category: string;
        status: string;
        closesAt: number | null;
        trusted: boolean;
        trustReason: string;
        freshAt: number | null;
        fees: { known: boolean; text: string };
        quote: {
          market: string;
          at: number;
          seq: number;
          bid: number | null;
          ask: number | null;
          bidSize: number | null;
          askSize: number | null;
          mid: number | null;
          trusted: boolean;
        } | null;
      };
    }>;
    fees: { known: boolean; text: string };
    quote: {
      market: string;
      at: number;
      seq: number;
      bid: number | null;
      ask: number | null;
      bidSize: number | null;
      askSize: number | null;
      mid: number | null;
      trusted: boolean;
    } | null;
  } | null;
};

export type QuotesFeedSubscriptionVariables = Exact<{
  markets?: Array<string | number> | string | number | null | undefined;
}>;

export type QuotesFeedSubscription = {
  quotes: Array<{
    market: string;
    at: number;
    seq: number;
    bid: number | null;
    ask: number | null;
    bidSize: number | null;
    askSize: number | null;
    mid: number | null;
    trusted: boolean;
  }>;
};

export type DepthFieldsFragment = {
  market: string;
  seq: number;
  at: number;
  trusted: boolean;
  bids: Array<{ price: number; size: number }>;
  asks: Array<{ price: number; size: number }>;
};

export type DepthQueryVariables = Exact<{
  market: string | number;
  levels?: number | null | undefined;
}>;

export type DepthQuery = {
  depth: {
    market: string;
    seq: number;
    at: number;
    trusted: boolean;
    bids: Array<{ price: number; size: number }>;
    asks: Array<{ price: number; size: number }>;
  } | null;
};

export type DepthFeedSubscriptionVariables = Exact<{
  market: string | number;
  levels?: number | null | undefined;
}>;

export type DepthFeedSubscription = {
  depth: {
    market: string;
    seq: number;
    at: number;
    trusted: boolean;
    bids: Array<{ price: number; size: number }>;
    asks: Array<{ price: number; size: number }>;
  };
};

export type SeriesQueryVariables = Exact<{
  market: string | number;
  from?: number | null | undefined;
  to?: number | null | undefined;
  points?: number | null | undefined;
}>;

export type SeriesQuery = {
  quotes: { market: string; at: Array<number>; bid: Array<number>; ask: Array<number> };
  continuity: Array<{ from: number; to: number | null; trusted: boolean; reason: string; detail: string }>;
};

export type TradesQueryVariables = Exact<{
  market: string | number;
  first?: number | null | undefined;
}>;

export type TradesQuery = { trades: Array<{ at: number; price: number; size: number; taker: string | null }> };

export type OpportunityFieldsFragment = {
  id: string;
  workflow: string;
  phase: string;
  verdict: string;
  direction: string;
  link: string | null;
  group: string | null;
  markets: Array<string>;
  titles: Array<string>;
  openedAt: number;
  closedAt: number | null;
  updatedAt: number;
  bestGross: number;
  bestNet: number;
  size: number;
  signalId: string | null;
  reason: string;
  waterfall: Array<{ label: string; amount: number }>;
};

export type OpportunitiesQueryVariables = Exact<{
  verdict?: string | null | undefined;
  workflow?: string | number | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type OpportunitiesQuery = {
  opportunities: {
    total: number;
    endCursor: string | null;
    hasNextPage: boolean;
    items: Array<{
      id: string;
      workflow: string;
      phase: string;
      verdict: string;
      direction: string;
      link: string | null;
      group: string | null;
      markets: Array<string>;
      titles: Array<string>;
      openedAt: number;
      closedAt: number | null;
      updatedAt: number;
      bestGross: number;
      bestNet: number;
      size: number;
      signalId: string | null;
      reason: string;
      waterfall: Array<{ label: string; amount: number }>;
    }>;
  };
};

export type OpportunityQueryVariables = Exact<{
  id: string | number;
}>;

export type OpportunityQuery = {
  opportunity: {
    id: string;
    workflow: string;
    phase: string;
    verdict: string;
    direction: string;
    link: string | null;
    group: string | null;
    markets: Array<string>;
    titles: Array<string>;
    openedAt: number;
    closedAt: number | null;
    updatedAt: number;
    bestGross: number;
    bestNet: number;
    size: number;
    signalId: string | null;
    reason: string;
    waterfall: Array<{ label: string; amount: number }>;
  } | null;
};

export type OpportunityCountsQueryVariables = Exact<{ [key: string]: never }>;

export type OpportunityCountsQuery = {
  opportunityCounts: { accepted: number; denied: number; netNegative: number; shadow: number };
};

export type OpportunitiesFeedSubscriptionVariables = Exact<{ [key: string]: never }>;

export type OpportunitiesFeedSubscription = {
  opportunities: Array<{
    id: string;
    workflow: string;
    phase: string;
    verdict: string;
    direction: string;
    link: string | null;
    group: string | null;
    markets: Array<string>;
    titles: Array<string>;
    openedAt: number;
    closedAt: number | null;
    updatedAt: number;
    bestGross: number;
    bestNet: number;
    size: number;
    signalId: string | null;
    reason: string;
    waterfall: Array<{ label: string; amount: number }>;
  }>;
};

export type WorkflowFieldsFragment = {
  id: string;
  version: number;
  title: string;
  plugin: string;
  pluginVersion: string;
  pluginTitle: string;
  account: string;
  mode: string;
  session: string | null;
  state: string;
  stateReason: string;
  signals: number;
  denials: number;
  fills: number;
};

export type WorkflowsQueryVariables = Exact<{ [key: string]: never }>;

export type WorkflowsQuery = {
  workflows: Array<{
    id: string;
    version: number;
    title: string;
    plugin: string;
    pluginVersion: string;
    pluginTitle: string;
    account: string;
    mode: string;
    session: string | null;
    state: string;
    stateReason: string;
    signals: number;
    denials: number;
    fills: number;
  }>;
};

export type WorkflowsFeedSubscriptionVariables = Exact<{ [key: string]: never }>;

export type WorkflowsFeedSubscription = {
  workflows: Array<{
    id: string;
    version: number;
    title: string;
    plugin: string;
    pluginVersion: string;
    pluginTitle: string;
    account: string;
    mode: string;
    session: string | null;
    state: string;
    stateReason: string;
    signals: number;
    denials: number;
    fills: number;
  }>;
};

export type SetWorkflowModeMutationVariables = Exact<{
  workflow: string | number;
  mode: string;
}>;

export type SetWorkflowModeMutation = {
  setWorkflowMode: { seq: number } | { message: string; fields: Array<{ path: string; message: string }> };
};

export type ResumeWorkflowMutationVariables = Exact<{
  workflow: string | number;
}>;

export type ResumeWorkflowMutation = {
  resumeWorkflow: { seq: number } | { message: string; fields: Array<{ path: string; message: string }> };
};

export const AccountFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AccountFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Account' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'stateReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'killed' } },
          { kind: 'Field', name: { kind: 'Name', value: 'cash' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reserved' } },
          { kind: 'Field', name: { kind: 'Name', value: 'equity' } },
          { kind: 'Field', name: { kind: 'Name', value: 'dayBase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'peak' } },
          { kind: 'Field', name: { kind: 'Name', value: 'realised' } },
          { kind: 'Field', name: { kind: 'Name', value: 'fees' } },
          { kind: 'Field', name: { kind: 'Name', value: 'profile' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'positions' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'market' } },
                { kind: 'Field', name: { kind: 'Name', value: 'title' } },
                { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                { kind: 'Field', name: { kind: 'Name', value: 'outcome' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
                { kind: 'Field', name: { kind: 'Name', value: 'cost' } },
                { kind: 'Field', name: { kind: 'Name', value: 'mark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'value' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'limits' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'rule' } },
                { kind: 'Field', name: { kind: 'Name', value: 'limit' } },
                { kind: 'Field', name: { kind: 'Name', value: 'use' } },
                { kind: 'Field', name: { kind: 'Name', value: 'headroom' } },
                { kind: 'Field', name: { kind: 'Name', value: 'unit' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AccountFieldsFragment, unknown>;
export const HealthFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'HealthFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Health' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'database' } },
          { kind: 'Field', name: { kind: 'Name', value: 'layout' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queueBackend' } },
          { kind: 'Field', name: { kind: 'Name', value: 'demo' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'lanes' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
                { kind: 'Field', name: { kind: 'Name', value: 'owner' } },
                { kind: 'Field', name: { kind: 'Name', value: 'epoch' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                { kind: 'Field', name: { kind: 'Name', value: 'headSeq' } },
                { kind: 'Field', name: { kind: 'Name', value: 'commitLagMs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'recording' } },
                { kind: 'Field', name: { kind: 'Name', value: 'eventsPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rowsPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'decisionP50Us' } },
                { kind: 'Field', name: { kind: 'Name', value: 'decisionP99Us' } },
                { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'feeds' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                { kind: 'Field', name: { kind: 'Name', value: 'how' } },
                { kind: 'Field', name: { kind: 'Name', value: 'sentence' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'connections' } },
                { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
                { kind: 'Field', name: { kind: 'Name', value: 'frames' } },
                { kind: 'Field', name: { kind: 'Name', value: 'framesPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'events' } },
                { kind: 'Field', name: { kind: 'Name', value: 'unknown' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rejected' } },
                { kind: 'Field', name: { kind: 'Name', value: 'gaps' } },
                { kind: 'Field', name: { kind: 'Name', value: 'resyncs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'lastFrameAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'lagMs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'queues' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'name' } },
                { kind: 'Field', name: { kind: 'Name', value: 'waiting' } },
                { kind: 'Field', name: { kind: 'Name', value: 'active' } },
                { kind: 'Field', name: { kind: 'Name', value: 'delayed' } },
                { kind: 'Field', name: { kind: 'Name', value: 'failed' } },
                { kind: 'Field', name: { kind: 'Name', value: 'completed' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'storage' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'name' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rows' } },
                { kind: 'Field', name: { kind: 'Name', value: 'bytes' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<HealthFieldsFragment, unknown>;
export const JournalFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'JournalFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'JournalEntry' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ordinal' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'kind' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'summary' } },
          { kind: 'Field', name: { kind: 'Name', value: 'body' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<JournalFieldsFragment, unknown>;
export const QuoteFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<QuoteFieldsFragment, unknown>;
export const MarketRowFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
          { kind: 'Field', name: { kind: 'Name', value: 'native' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'category' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closesAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trustReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'freshAt' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quote' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<MarketRowFragment, unknown>;
export const LinkRowFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'LinkRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Link' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'polarity' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mismatch' } },
          { kind: 'Field', name: { kind: 'Name', value: 'differences' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reviewedBy' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'a' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } }],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'b' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
          { kind: 'Field', name: { kind: 'Name', value: 'native' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'category' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closesAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trustReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'freshAt' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quote' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<LinkRowFragment, unknown>;
export const MarketSideFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketSide' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'group' } },
          { kind: 'Field', name: { kind: 'Name', value: 'rules' } },
          { kind: 'Field', name: { kind: 'Name', value: 'paysAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'minSize' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'fees' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'known' } },
                { kind: 'Field', name: { kind: 'Name', value: 'text' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
          { kind: 'Field', name: { kind: 'Name', value: 'native' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'category' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closesAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trustReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'freshAt' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quote' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<MarketSideFragment, unknown>;
export const DepthFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'DepthFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Depth' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'bids' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'asks' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<DepthFieldsFragment, unknown>;
export const OpportunityFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'OpportunityFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Opportunity' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'phase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'verdict' } },
          { kind: 'Field', name: { kind: 'Name', value: 'direction' } },
          { kind: 'Field', name: { kind: 'Name', value: 'link' } },
          { kind: 'Field', name: { kind: 'Name', value: 'group' } },
          { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
          { kind: 'Field', name: { kind: 'Name', value: 'titles' } },
          { kind: 'Field', name: { kind: 'Name', value: 'openedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'updatedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestGross' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestNet' } },
          { kind: 'Field', name: { kind: 'Name', value: 'size' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signalId' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reason' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'waterfall' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'amount' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<OpportunityFieldsFragment, unknown>;
export const WorkflowFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'WorkflowFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Workflow' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'version' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'plugin' } },
          { kind: 'Field', name: { kind: 'Name', value: 'pluginVersion' } },
          { kind: 'Field', name: { kind: 'Name', value: 'pluginTitle' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mode' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'stateReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signals' } },
          { kind: 'Field', name: { kind: 'Name', value: 'denials' } },
          { kind: 'Field', name: { kind: 'Name', value: 'fills' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<WorkflowFieldsFragment, unknown>;
export const AccountsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Accounts' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'accounts' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'AccountFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AccountFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Account' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'stateReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'killed' } },
          { kind: 'Field', name: { kind: 'Name', value: 'cash' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reserved' } },
          { kind: 'Field', name: { kind: 'Name', value: 'equity' } },
          { kind: 'Field', name: { kind: 'Name', value: 'dayBase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'peak' } },
          { kind: 'Field', name: { kind: 'Name', value: 'realised' } },
          { kind: 'Field', name: { kind: 'Name', value: 'fees' } },
          { kind: 'Field', name: { kind: 'Name', value: 'profile' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'positions' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'market' } },
                { kind: 'Field', name: { kind: 'Name', value: 'title' } },
                { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                { kind: 'Field', name: { kind: 'Name', value: 'outcome' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
                { kind: 'Field', name: { kind: 'Name', value: 'cost' } },
                { kind: 'Field', name: { kind: 'Name', value: 'mark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'value' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'limits' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'rule' } },
                { kind: 'Field', name: { kind: 'Name', value: 'limit' } },
                { kind: 'Field', name: { kind: 'Name', value: 'use' } },
                { kind: 'Field', name: { kind: 'Name', value: 'headroom' } },
                { kind: 'Field', name: { kind: 'Name', value: 'unit' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AccountsQuery, AccountsQueryVariables>;
export const AccountsFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'AccountsFeed' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'accounts' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'AccountFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AccountFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Account' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'stateReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'killed' } },
          { kind: 'Field', name: { kind: 'Name', value: 'cash' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reserved' } },
          { kind: 'Field', name: { kind: 'Name', value: 'equity' } },
          { kind: 'Field', name: { kind: 'Name', value: 'dayBase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'peak' } },
          { kind: 'Field', name: { kind: 'Name', value: 'realised' } },
          { kind: 'Field', name: { kind: 'Name', value: 'fees' } },
          { kind: 'Field', name: { kind: 'Name', value: 'profile' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'positions' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'market' } },
                { kind: 'Field', name: { kind: 'Name', value: 'title' } },
                { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                { kind: 'Field', name: { kind: 'Name', value: 'outcome' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
                { kind: 'Field', name: { kind: 'Name', value: 'cost' } },
                { kind: 'Field', name: { kind: 'Name', value: 'mark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'value' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'limits' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'rule' } },
                { kind: 'Field', name: { kind: 'Name', value: 'limit' } },
                { kind: 'Field', name: { kind: 'Name', value: 'use' } },
                { kind: 'Field', name: { kind: 'Name', value: 'headroom' } },
                { kind: 'Field', name: { kind: 'Name', value: 'unit' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AccountsFeedSubscription, AccountsFeedSubscriptionVariables>;
export const EquityDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Equity' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'from' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Instant' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'points' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'equity' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'account' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'from' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'from' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'points' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'points' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                { kind: 'Field', name: { kind: 'Name', value: 'equity' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<EquityQuery, EquityQueryVariables>;
export const SaveRiskProfileDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'SaveRiskProfile' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'limits' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'JSON' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'saveRiskProfile' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'account' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'limits' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'limits' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'ActDone' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'Field', name: { kind: 'Name', value: 'seq' } }],
                  },
                },
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Problem' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'fields' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'path' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<SaveRiskProfileMutation, SaveRiskProfileMutationVariables>;
export const SetKillSwitchDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'SetKillSwitch' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'on' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'Boolean' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'reason' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'setKillSwitch' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'on' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'on' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'account' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'reason' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'reason' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'ActDone' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'Field', name: { kind: 'Name', value: 'seq' } }],
                  },
                },
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Problem' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'fields' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'path' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<SetKillSwitchMutation, SetKillSwitchMutationVariables>;
export const ResetHaltDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'ResetHalt' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'resetHalt' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'account' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'ActDone' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'Field', name: { kind: 'Name', value: 'seq' } }],
                  },
                },
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Problem' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'fields' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'path' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<ResetHaltMutation, ResetHaltMutationVariables>;
export const HealthDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Health' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'health' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'HealthFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'HealthFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Health' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'database' } },
          { kind: 'Field', name: { kind: 'Name', value: 'layout' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queueBackend' } },
          { kind: 'Field', name: { kind: 'Name', value: 'demo' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'lanes' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
                { kind: 'Field', name: { kind: 'Name', value: 'owner' } },
                { kind: 'Field', name: { kind: 'Name', value: 'epoch' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                { kind: 'Field', name: { kind: 'Name', value: 'headSeq' } },
                { kind: 'Field', name: { kind: 'Name', value: 'commitLagMs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'recording' } },
                { kind: 'Field', name: { kind: 'Name', value: 'eventsPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rowsPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'decisionP50Us' } },
                { kind: 'Field', name: { kind: 'Name', value: 'decisionP99Us' } },
                { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'feeds' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                { kind: 'Field', name: { kind: 'Name', value: 'how' } },
                { kind: 'Field', name: { kind: 'Name', value: 'sentence' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'connections' } },
                { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
                { kind: 'Field', name: { kind: 'Name', value: 'frames' } },
                { kind: 'Field', name: { kind: 'Name', value: 'framesPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'events' } },
                { kind: 'Field', name: { kind: 'Name', value: 'unknown' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rejected' } },
                { kind: 'Field', name: { kind: 'Name', value: 'gaps' } },
                { kind: 'Field', name: { kind: 'Name', value: 'resyncs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'lastFrameAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'lagMs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'queues' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'name' } },
                { kind: 'Field', name: { kind: 'Name', value: 'waiting' } },
                { kind: 'Field', name: { kind: 'Name', value: 'active' } },
                { kind: 'Field', name: { kind: 'Name', value: 'delayed' } },
                { kind: 'Field', name: { kind: 'Name', value: 'failed' } },
                { kind: 'Field', name: { kind: 'Name', value: 'completed' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'storage' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'name' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rows' } },
                { kind: 'Field', name: { kind: 'Name', value: 'bytes' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<HealthQuery, HealthQueryVariables>;
export const HealthFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'HealthFeed' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'health' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'HealthFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'HealthFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Health' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'database' } },
          { kind: 'Field', name: { kind: 'Name', value: 'layout' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queueBackend' } },
          { kind: 'Field', name: { kind: 'Name', value: 'demo' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'lanes' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
                { kind: 'Field', name: { kind: 'Name', value: 'owner' } },
                { kind: 'Field', name: { kind: 'Name', value: 'epoch' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                { kind: 'Field', name: { kind: 'Name', value: 'headSeq' } },
                { kind: 'Field', name: { kind: 'Name', value: 'commitLagMs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'recording' } },
                { kind: 'Field', name: { kind: 'Name', value: 'eventsPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rowsPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'decisionP50Us' } },
                { kind: 'Field', name: { kind: 'Name', value: 'decisionP99Us' } },
                { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'feeds' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                { kind: 'Field', name: { kind: 'Name', value: 'how' } },
                { kind: 'Field', name: { kind: 'Name', value: 'sentence' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'connections' } },
                { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
                { kind: 'Field', name: { kind: 'Name', value: 'frames' } },
                { kind: 'Field', name: { kind: 'Name', value: 'framesPerS' } },
                { kind: 'Field', name: { kind: 'Name', value: 'events' } },
                { kind: 'Field', name: { kind: 'Name', value: 'unknown' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rejected' } },
                { kind: 'Field', name: { kind: 'Name', value: 'gaps' } },
                { kind: 'Field', name: { kind: 'Name', value: 'resyncs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'lastFrameAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'lagMs' } },
                { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'queues' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'name' } },
                { kind: 'Field', name: { kind: 'Name', value: 'waiting' } },
                { kind: 'Field', name: { kind: 'Name', value: 'active' } },
                { kind: 'Field', name: { kind: 'Name', value: 'delayed' } },
                { kind: 'Field', name: { kind: 'Name', value: 'failed' } },
                { kind: 'Field', name: { kind: 'Name', value: 'completed' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'storage' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'name' } },
                { kind: 'Field', name: { kind: 'Name', value: 'rows' } },
                { kind: 'Field', name: { kind: 'Name', value: 'bytes' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<HealthFeedSubscription, HealthFeedSubscriptionVariables>;
export const RunsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Runs' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'runs' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'first' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'kind' } },
                { kind: 'Field', name: { kind: 'Name', value: 'title' } },
                { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                { kind: 'Field', name: { kind: 'Name', value: 'startedAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'endedAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'progress' } },
                { kind: 'Field', name: { kind: 'Name', value: 'note' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<RunsQuery, RunsQueryVariables>;
export const JournalDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Journal' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'kinds' } },
          type: {
            kind: 'ListType',
            type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } } },
          },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'journal' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'kinds' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'kinds' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'workflow' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'market' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'account' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'account' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'first' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'after' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'endCursor' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hasNextPage' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'items' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'JournalFields' } }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'JournalFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'JournalEntry' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ordinal' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'kind' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'summary' } },
          { kind: 'Field', name: { kind: 'Name', value: 'body' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<JournalQuery, JournalQueryVariables>;
export const JournalFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'JournalFeed' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'kinds' } },
          type: {
            kind: 'ListType',
            type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } } },
          },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'journal' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'kinds' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'kinds' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'JournalFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'JournalFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'JournalEntry' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ordinal' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'kind' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'summary' } },
          { kind: 'Field', name: { kind: 'Name', value: 'body' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<JournalFeedSubscription, JournalFeedSubscriptionVariables>;
export const TraceDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Trace' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'signalId' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'trace' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'signalId' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'signalId' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'signalId' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'entries' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'JournalFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'causes' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'kind' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'summary' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'body' } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'JournalFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'JournalEntry' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'lane' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ordinal' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'kind' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'summary' } },
          { kind: 'Field', name: { kind: 'Name', value: 'body' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<TraceQuery, TraceQueryVariables>;
export const LinksDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Links' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'links' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'LinkRow' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
          { kind: 'Field', name: { kind: 'Name', value: 'native' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'category' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closesAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trustReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'freshAt' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quote' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'LinkRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Link' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'polarity' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mismatch' } },
          { kind: 'Field', name: { kind: 'Name', value: 'differences' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reviewedBy' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'a' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } }],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'b' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } }],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<LinksQuery, LinksQueryVariables>;
export const MarketsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Markets' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'text' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'venue' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'linkedOnly' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Boolean' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'markets' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'text' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'text' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'venue' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'venue' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'linkedOnly' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'linkedOnly' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'first' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'after' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'total' } },
                { kind: 'Field', name: { kind: 'Name', value: 'endCursor' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hasNextPage' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'items' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'links' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'polarity' } },
                            {
                              kind: 'Field',
                              name: { kind: 'Name', value: 'a' },
                              selectionSet: {
                                kind: 'SelectionSet',
                                selections: [
                                  { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                                  { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                                  { kind: 'Field', name: { kind: 'Name', value: 'title' } },
                                ],
                              },
                            },
                            {
                              kind: 'Field',
                              name: { kind: 'Name', value: 'b' },
                              selectionSet: {
                                kind: 'SelectionSet',
                                selections: [
                                  { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                                  { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
                                  { kind: 'Field', name: { kind: 'Name', value: 'title' } },
                                ],
                              },
                            },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
          { kind: 'Field', name: { kind: 'Name', value: 'native' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'category' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closesAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trustReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'freshAt' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quote' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<MarketsQuery, MarketsQueryVariables>;
export const MarketDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Market' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'market' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'id' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketSide' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'links' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'polarity' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'state' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'mismatch' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'differences' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'reviewedBy' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'a' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketSide' } }],
                        },
                      },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'b' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketSide' } }],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketRow' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'venue' } },
          { kind: 'Field', name: { kind: 'Name', value: 'native' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'category' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closesAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trustReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'freshAt' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quote' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'MarketSide' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Market' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'FragmentSpread', name: { kind: 'Name', value: 'MarketRow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'group' } },
          { kind: 'Field', name: { kind: 'Name', value: 'rules' } },
          { kind: 'Field', name: { kind: 'Name', value: 'paysAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'minSize' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'fees' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'known' } },
                { kind: 'Field', name: { kind: 'Name', value: 'text' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<MarketQuery, MarketQueryVariables>;
export const QuotesFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'QuotesFeed' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'markets' } },
          type: {
            kind: 'ListType',
            type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
          },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quotes' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'markets' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'markets' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'QuoteFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'QuoteFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Quote' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bidSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'askSize' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mid' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<QuotesFeedSubscription, QuotesFeedSubscriptionVariables>;
export const DepthDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Depth' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'levels' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'depth' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'market' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'levels' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'levels' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'DepthFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'DepthFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Depth' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'bids' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'asks' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<DepthQuery, DepthQueryVariables>;
export const DepthFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'DepthFeed' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'levels' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'depth' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'market' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'levels' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'levels' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'DepthFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'DepthFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Depth' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'market' } },
          { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
          { kind: 'Field', name: { kind: 'Name', value: 'at' } },
          { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'bids' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'asks' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<DepthFeedSubscription, DepthFeedSubscriptionVariables>;
export const SeriesDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Series' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'from' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Instant' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'to' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Instant' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'points' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'quotes' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'market' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'from' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'from' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'to' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'to' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'points' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'points' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'market' } },
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                { kind: 'Field', name: { kind: 'Name', value: 'bid' } },
                { kind: 'Field', name: { kind: 'Name', value: 'ask' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'continuity' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'market' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'from' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'from' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'to' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'to' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'trusted' } },
                { kind: 'Field', name: { kind: 'Name', value: 'reason' } },
                { kind: 'Field', name: { kind: 'Name', value: 'detail' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<SeriesQuery, SeriesQueryVariables>;
export const TradesDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Trades' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'trades' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'market' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'market' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'first' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'at' } },
                { kind: 'Field', name: { kind: 'Name', value: 'price' } },
                { kind: 'Field', name: { kind: 'Name', value: 'size' } },
                { kind: 'Field', name: { kind: 'Name', value: 'taker' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<TradesQuery, TradesQueryVariables>;
export const OpportunitiesDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Opportunities' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'verdict' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'opportunities' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'verdict' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'verdict' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'workflow' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'first' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'after' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'total' } },
                { kind: 'Field', name: { kind: 'Name', value: 'endCursor' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hasNextPage' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'items' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'OpportunityFields' } }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'OpportunityFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Opportunity' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'phase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'verdict' } },
          { kind: 'Field', name: { kind: 'Name', value: 'direction' } },
          { kind: 'Field', name: { kind: 'Name', value: 'link' } },
          { kind: 'Field', name: { kind: 'Name', value: 'group' } },
          { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
          { kind: 'Field', name: { kind: 'Name', value: 'titles' } },
          { kind: 'Field', name: { kind: 'Name', value: 'openedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'updatedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestGross' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestNet' } },
          { kind: 'Field', name: { kind: 'Name', value: 'size' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signalId' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reason' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'waterfall' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'amount' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<OpportunitiesQuery, OpportunitiesQueryVariables>;
export const OpportunityDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Opportunity' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'opportunity' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'id' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'OpportunityFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'OpportunityFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Opportunity' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'phase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'verdict' } },
          { kind: 'Field', name: { kind: 'Name', value: 'direction' } },
          { kind: 'Field', name: { kind: 'Name', value: 'link' } },
          { kind: 'Field', name: { kind: 'Name', value: 'group' } },
          { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
          { kind: 'Field', name: { kind: 'Name', value: 'titles' } },
          { kind: 'Field', name: { kind: 'Name', value: 'openedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'updatedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestGross' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestNet' } },
          { kind: 'Field', name: { kind: 'Name', value: 'size' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signalId' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reason' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'waterfall' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'amount' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<OpportunityQuery, OpportunityQueryVariables>;
export const OpportunityCountsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'OpportunityCounts' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'opportunityCounts' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'accepted' } },
                { kind: 'Field', name: { kind: 'Name', value: 'denied' } },
                { kind: 'Field', name: { kind: 'Name', value: 'netNegative' } },
                { kind: 'Field', name: { kind: 'Name', value: 'shadow' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<OpportunityCountsQuery, OpportunityCountsQueryVariables>;
export const OpportunitiesFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'OpportunitiesFeed' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'opportunities' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'OpportunityFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'OpportunityFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Opportunity' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'workflow' } },
          { kind: 'Field', name: { kind: 'Name', value: 'phase' } },
          { kind: 'Field', name: { kind: 'Name', value: 'verdict' } },
          { kind: 'Field', name: { kind: 'Name', value: 'direction' } },
          { kind: 'Field', name: { kind: 'Name', value: 'link' } },
          { kind: 'Field', name: { kind: 'Name', value: 'group' } },
          { kind: 'Field', name: { kind: 'Name', value: 'markets' } },
          { kind: 'Field', name: { kind: 'Name', value: 'titles' } },
          { kind: 'Field', name: { kind: 'Name', value: 'openedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'closedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'updatedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestGross' } },
          { kind: 'Field', name: { kind: 'Name', value: 'bestNet' } },
          { kind: 'Field', name: { kind: 'Name', value: 'size' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signalId' } },
          { kind: 'Field', name: { kind: 'Name', value: 'reason' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'waterfall' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'amount' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<OpportunitiesFeedSubscription, OpportunitiesFeedSubscriptionVariables>;
export const WorkflowsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Workflows' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'workflows' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'WorkflowFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'WorkflowFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Workflow' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'version' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'plugin' } },
          { kind: 'Field', name: { kind: 'Name', value: 'pluginVersion' } },
          { kind: 'Field', name: { kind: 'Name', value: 'pluginTitle' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mode' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'stateReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signals' } },
          { kind: 'Field', name: { kind: 'Name', value: 'denials' } },
          { kind: 'Field', name: { kind: 'Name', value: 'fills' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<WorkflowsQuery, WorkflowsQueryVariables>;
export const WorkflowsFeedDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'WorkflowsFeed' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'workflows' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'WorkflowFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'WorkflowFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Workflow' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'version' } },
          { kind: 'Field', name: { kind: 'Name', value: 'title' } },
          { kind: 'Field', name: { kind: 'Name', value: 'plugin' } },
          { kind: 'Field', name: { kind: 'Name', value: 'pluginVersion' } },
          { kind: 'Field', name: { kind: 'Name', value: 'pluginTitle' } },
          { kind: 'Field', name: { kind: 'Name', value: 'account' } },
          { kind: 'Field', name: { kind: 'Name', value: 'mode' } },
          { kind: 'Field', name: { kind: 'Name', value: 'session' } },
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'stateReason' } },
          { kind: 'Field', name: { kind: 'Name', value: 'signals' } },
          { kind: 'Field', name: { kind: 'Name', value: 'denials' } },
          { kind: 'Field', name: { kind: 'Name', value: 'fills' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<WorkflowsFeedSubscription, WorkflowsFeedSubscriptionVariables>;
export const SetWorkflowModeDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'SetWorkflowMode' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'mode' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'setWorkflowMode' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'workflow' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'mode' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'mode' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'ActDone' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'Field', name: { kind: 'Name', value: 'seq' } }],
                  },
                },
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Problem' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'fields' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'path' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<SetWorkflowModeMutation, SetWorkflowModeMutationVariables>;
export const ResumeWorkflowDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'ResumeWorkflow' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'resumeWorkflow' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'workflow' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'workflow' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'ActDone' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'Field', name: { kind: 'Name', value: 'seq' } }],
                  },
                },
                {
                  kind: 'InlineFragment',
                  typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Problem' } },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'fields' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'path' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<ResumeWorkflowMutation, ResumeWorkflowMutationVariables>;
