/** As much of the package `@langchain/langgraph-sdk` as is used here. */
export interface LanggraphSdk {
  readonly Client: new (options: { apiUrl: string; callerOptions: { maxRetries: number } }) => SdkClient
}

export interface SdkClient {
  readonly threads: {
    create(): Promise<{ readonly thread_id: string }>
    getState(thread: string): Promise<{ readonly values: Partial<Values> }>
  }
  readonly runs: {
    stream(thread: string, graph: string, options: object): AsyncIterable<SdkEvent>
    joinStream(thread: string, run: string, options: object): AsyncIterable<SdkEvent>
    list(thread: string): Promise<readonly { readonly run_id: string }[]>
    get(thread: string, run: string): Promise<{ readonly status: string }>
    create(thread: string, graph: string, options: object): Promise<unknown>
  }
}

export interface SdkEvent {
  readonly id?: string
  readonly event: string
  readonly data: unknown
}

export interface Values {
  readonly messages: readonly SdkMessage[]
}

export interface SdkMessage {
  readonly id: string
  readonly type: string
  readonly content: string
}

export const question = { input: { messages: [{ role: "user", content: "count" }] } }
export const graphName = "counter"
