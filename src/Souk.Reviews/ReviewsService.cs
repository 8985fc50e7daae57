using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Audit;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;
using Souk.Reviews.Customers;
using Souk.Reviews.Moderation;
using Souk.Reviews.Privacy;
using Souk.Reviews.Products;
using Souk.Reviews.Ratings;
using Souk.Reviews.Reports;
using Souk.Reviews.Reviews;
using Souk.Reviews.V1;

namespace Souk.Reviews;

/// <summary>Reviews: what customers say about products, ratings, reports and moderation. Everything that it is made of is listed here.</summary>
public static class ReviewsService
{
    /// <summary>The service, ready to be hosted.</summary>
    public static ServiceDefinition Definition { get; } = new(
        "reviews", "Souk Reviews", "Reviews of products: submit, read, report, moderate; and the ratings that come of them.", AddReviews, MapReviews);

    private static void AddReviews(IServiceCollection services, IConfiguration configuration)
    {
        services.AddDatabase<ReviewsDb>();
        services.AddPersonalData(PersonalReviews.Sections);
        services.AddSingleton(ReviewRules.Read(configuration));
        services.AddSingleton<FindProduct>();
        services.AddSingleton<SubmitReview>();
        services.AddSingleton<EditReview>();
        services.AddSingleton<DeleteReview>();
        services.AddSingleton<ReportReview>();
        services.AddSingleton<ModerateReview>();
        services.AddEvents(
            new Dictionary<string, Type[]>(),
            new Subscriptions<ReviewsDb>()
                .On<CustomerDeleted>((db, _, e) => ForgetCustomer.Run(db, e))
                .On<ProductChanged>((db, _, e) => KnownProduct.Follow(db, e))
                .On<ProductDeleted>((db, _, e) => KnownProduct.Follow(db, e)));
    }

    private static void MapReviews(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/api/v2");
        ListReviews.Map(v2);
        SubmitReview.Map(v2);
        ReadReview.Map(v2);
        EditReview.Map(v2);
        DeleteReview.Map(v2);
        ReadRating.Map(v2);
        ReportReview.Map(v2);
        ListReports.Map(v2);
        ListModerationQueue.Map(v2);
        ModerateReview.Map(v2);

        var v1 = routes.MapGroup("/api/v1/reviews");
        WriteReviews.Map(v1);
        FetchReviews.Map(v1);
        Moderate.Map(v1);
        Login.Map(v1);

        routes.MapPersonalData<ReviewsDb>();
        routes.MapEvents<ReviewsDb>();
        routes.MapAudit<ReviewsDb>(Permissions.AuditRead);
        routes.MapErrors(Permissions.ErrorsRead);
        routes.MapHealth<ReviewsDb>(
            async (db, stop) =>
            {
                await db.Reviews.AnyAsync(stop);
                return new { status = "OK", db_status = "connected" };
            },
            new { status = "OK", db_status = "connected" });
    }
}
