using CredSync.OpenBadges.Status;

namespace CredSync.OpenBadges.Tests.Status;

public sealed class StatusAllocationTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i * 7))];

    [Theory]
    [InlineData(BitstringStatusList.MinimumLength, BitstringStatusList.MinimumLength)]
    [InlineData(150_000, 5_000)]
    public void Every_index_of_a_list_is_given_exactly_once(int length, int numbers)
    {
        var allocation = new StatusAllocation(Key, length);
        var seen = new bool[length];
        for (int n = 0; n < numbers; n++)
        {
            StatusPlace place = allocation.Place(n);
            place.List.ShouldBe(0);
            seen[place.Index].ShouldBeFalse();
            seen[place.Index] = true;
        }

        seen.Count(static s => s).ShouldBe(numbers);
    }

    [Fact]
    public void The_next_list_begins_when_one_is_full_and_has_an_order_of_its_own()
    {
        var allocation = new StatusAllocation(Key);
        allocation.Place(allocation.Length - 1L).List.ShouldBe(0);
        StatusPlace[] second = [.. Enumerable.Range(0, 50).Select(i => allocation.Place(allocation.Length + (long)i))];
        second.ShouldAllBe(static p => p.List == 1);
        second.Select(static p => p.Index).ShouldNotBe(Enumerable.Range(0, 50).Select(i => allocation.Place(i).Index));
    }

    [Fact]
    public void The_order_of_issuing_does_not_show()
    {
        var allocation = new StatusAllocation(Key);
        int[] places = [.. Enumerable.Range(0, 2000).Select(i => allocation.Place(i).Index)];
        int rising = places.Zip(places.Skip(1), static (one, next) => next > one ? 1 : 0).Sum();
        rising.ShouldBeInRange(850, 1150);
    }

    [Fact]
    public void The_same_key_gives_the_same_places_for_ever()
    {
        var allocation = new StatusAllocation(Key);
        int[] places = [.. Enumerable.Range(0, 5).Select(i => allocation.Place(i).Index)];
        places.ShouldBe(Pinned);
        new StatusAllocation([.. Key.Reverse()]).Place(0).Index.ShouldNotBe(Pinned[0]);
    }

    // Computed by a second implementation, in another language.
    private static readonly int[] Pinned = [52760, 109624, 120067, 116206, 83527];

    [Fact]
    public void A_negative_number_is_an_error() => Should.Throw<ArgumentOutOfRangeException>(static () => new StatusAllocation(Key).Place(-1));
}
