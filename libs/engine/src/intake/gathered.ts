/**
 * A list that is filled and emptied for every frame and keeps its room: an emptied array gives its room back, and the next
 * `push` asks for seventeen places. What it held last stays referenced until it is overwritten.
 */
export class Gathered<T> {
  size = 0;
  private readonly items: T[] = [];

  push(item: T): void {
    this.items[this.size++] = item;
  }

  at(place: number): T {
    return this.items[place];
  }

  clear(): void {
    this.size = 0;
  }
}
