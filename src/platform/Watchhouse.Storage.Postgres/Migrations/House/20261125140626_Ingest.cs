using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Ingest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "IngestRejects",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Source = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: false),
                    FirstAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Collector = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Line = table.Column<long>(type: "bigint", nullable: false),
                    Sample = table.Column<byte[]>(type: "bytea", maxLength: 2048, nullable: false),
                    SampleCut = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IngestRejects", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IngestSources",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Format = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    FirstReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Events = table.Column<long>(type: "bigint", nullable: false),
                    Bytes = table.Column<long>(type: "bigint", nullable: false),
                    Rejects = table.Column<long>(type: "bigint", nullable: false),
                    LastCollector = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IngestSources", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_IngestRejects_ForceId",
                table: "IngestRejects",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IngestRejects_ForceId_Day",
                table: "IngestRejects",
                columns: new[] { "ForceId", "Day" });

            migrationBuilder.CreateIndex(
                name: "IX_IngestSources_ForceId",
                table: "IngestSources",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IngestSources_ForceId_Name",
                table: "IngestSources",
                columns: new[] { "ForceId", "Name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "IngestRejects");

            migrationBuilder.DropTable(
                name: "IngestSources");
        }
    }
}
