using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Reviews.Ratings;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.Tests;

public class SmallPartsTests
{
    private static readonly DateTime Then = new(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Somebody = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_new_review_waits_and_counts_for_nothing()
    {
        var review = New(5);
        (review.Status, review.Version, review.Counted, review.CreatedAt, review.UpdatedAt).ShouldBe((ReviewStatus.NeedsApproval, 1, null, Then, Then));
    }

    [Fact]
    public void It_counts_while_it_is_approved()
    {
        var review = New(5);
        foreach (var status in Enum.GetValues<ReviewStatus>())
        {
            review.Moderate(status, "Note", Somebody, Then.AddHours(1));
            (review.Status, review.Counted).ShouldBe((status, status == ReviewStatus.Approved ? 5 : null));
            (review.ModerationNote, review.ModeratedBy, review.ModeratedAt, review.UpdatedAt).ShouldBe(("Note", Somebody, Then.AddHours(1), Then));
        }

        review.Version.ShouldBe(4);
    }

    [Fact]
    public void An_edit_sends_it_back_from_every_status()
    {
        foreach (var status in Enum.GetValues<ReviewStatus>())
        {
            var review = New(5);
            review.Moderate(status, null, Somebody, Then);
            review.Edit(1, "Other words.", Then.AddDays(1));
            (review.Status, review.Counted, review.Rating, review.Comment).ShouldBe((ReviewStatus.NeedsApproval, null, 1, "Other words."));
            (review.Version, review.CreatedAt, review.UpdatedAt).ShouldBe((3, Then, Then.AddDays(1)));
        }
    }

    [Fact]
    public void Hiding_sends_it_back_too_and_changes_no_words()
    {
        var review = New(5);
        review.Moderate(ReviewStatus.Approved, "Fine", Somebody, Then);
        review.Hide();
        (review.Status, review.Counted, review.Version, review.Comment, review.ModerationNote).ShouldBe((ReviewStatus.NeedsApproval, null, 3, "Words.", "Fine"));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(1, 5, "5.00")]
    [InlineData(3, 14, "4.67")]
    [InlineData(8, 33, "4.13")]
    [InlineData(7, 0, "0.00")]
    public void A_mean_is_rounded_to_two_decimals(long count, long sum, string? mean) =>
        RatingView.Of(new RatingSummary { ProductId = 1, Count = count, Sum = sum }).Mean?.ToString().ShouldBe(mean);

    [Fact]
    public void A_cursor_brings_back_the_key_that_it_was_made_of()
    {
        var key = new Key(Somebody, 5);
        Paging.Read<Key>(Paging.Cursor(key)).Value.ShouldBe(key);
        Paging.Read<Key>(Paging.Cursor(new Other("not a UUID"))).Error!.Fields.ShouldHaveSingleItem().Type.ShouldBe("cursor");
    }

    [Fact]
    public void The_rules_are_settings_with_bounds()
    {
        ReviewRules.Read(Settings()).ShouldBe(new ReviewRules(true, 3));
        ReviewRules.Read(Settings(("Reviews:RequirePurchase", "false"), ("Reviews:ReportsToHide", "1000"))).ShouldBe(new ReviewRules(false, 1000));
        Should.Throw<SettingException>(() => ReviewRules.Read(Settings(("Reviews:ReportsToHide", "0"))));
        Should.Throw<SettingException>(() => ReviewRules.Read(Settings(("Reviews:RequirePurchase", "perhaps"))));
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build();

    private static Review New(int rating) => Review.Of(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), (Somebody, "johndoe"), 12, rating, "Words.", Then);

    private sealed record Key(Guid Id, int Rating);

    private sealed record Other(string Id);
}
